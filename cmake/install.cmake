# Install rules of what is not a target of its own.
include(${PROJECT_SOURCE_DIR}/cmake/docs.cmake)
include(${PROJECT_SOURCE_DIR}/cmake/plugin-sdk.cmake)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/spec DESTINATION ${CMAKE_INSTALL_DATADIR}/x07
  FILES_MATCHING PATTERN "*.json")

# The module root of OS worlds, laid out in the build tree as it is installed.
set(x07_os_modules share/x07/stdlib/os/0.2.0/modules)
file(COPY ${PROJECT_SOURCE_DIR}/core/stdlib/os/0.2.0/modules/ DESTINATION ${CMAKE_BINARY_DIR}/${x07_os_modules})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/core/stdlib/os/0.2.0/modules/ DESTINATION ${x07_os_modules})
