# SPDX-License-Identifier: MIT
# Read by CPack once for each kind of package.
if(CPACK_GENERATOR STREQUAL "DEB")
    set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
else()
    # bin/, libexec/ and share/ in one folder: the programs find each other wherever it is unpacked.
    set(CPACK_PACKAGING_INSTALL_PREFIX /)
    set(CPACK_PACKAGE_FILE_NAME ${CPACK_DORMOUSE_ARCHIVE_NAME})
endif()
