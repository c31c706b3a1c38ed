# SPDX-License-Identifier: MIT
# Packages: `./dev package` makes a .deb for the Debian or Ubuntu it runs on, and an archive that may be unpacked anywhere.
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_CONTACT "The Dormouse authors <dormouse@localhost>") # who hands packages on names himself: see ./dev help
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "local AI services awake only while somebody uses them")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/packagekind.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debianfiles.cmake)
set(CPACK_DORMOUSE_ARCHIVE_NAME dormouse-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# What the programs are linked with; what Qt loads by itself is named beside.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "default-dbus-session-bus | dbus-session-bus, hicolor-icon-theme, qt6-translations-l10n")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "qt6-wayland, gnome-shell-extension-appindicator")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Heavy local AI daemons keep gigabytes of memory to themselves, whether anybody
uses them or not. Dormouse watches who uses them, lets them do their
housekeeping while everybody is away, stops them when nobody comes back, and
starts them again the moment somebody does.
.
This package holds the agent (dormouse-agent), the command line (dormouse) and
the icon for the panel (dormouse-tray). Each user has it started by
\"dormouse install\", with --tray for the icon; nothing starts by itself.")

include(CPack)
