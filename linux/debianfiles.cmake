# SPDX-License-Identifier: MIT
# What Debian's policy asks of a package beside what every installation has: a changelog of its own form, compressed manual pages.
# Run by CPack before it packs; in all other packages nothing is changed.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
    return()
endif()
set(share ${CPACK_TEMPORARY_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}/share)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # or what SOURCE_DATE_EPOCH says
file(WRITE ${share}/doc/dormouse/changelog
"dormouse (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * What has changed is told in CHANGELOG.md beside this file.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
file(GLOB pages ${share}/man/man*/*.[1-9])
execute_process(COMMAND gzip -9n ${pages} ${share}/doc/dormouse/changelog COMMAND_ERROR_IS_FATAL ANY)
