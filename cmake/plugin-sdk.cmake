# What a plugin author needs: headers, a pkg-config file and a CMake package (find_package(x07plugin)).
include(CMakePackageConfigHelpers)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/x07 DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h")

# The file finds its prefix from where it lies, so that the install tree may be moved.
file(RELATIVE_PATH X07_PC_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(${PROJECT_SOURCE_DIR}/cmake/x07-plugin.pc.in ${PROJECT_BINARY_DIR}/x07-plugin.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/x07-plugin.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(X07_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/x07plugin)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/x07pluginConfig.cmake.in
  ${PROJECT_BINARY_DIR}/x07pluginConfig.cmake INSTALL_DESTINATION ${X07_PACKAGE_DIR}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR X07_PLUGIN_DIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/x07pluginConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/x07pluginConfig.cmake ${PROJECT_BINARY_DIR}/x07pluginConfigVersion.cmake
  DESTINATION ${X07_PACKAGE_DIR})
