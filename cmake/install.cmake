# Install rules of what is not a target of its own.
include(${PROJECT_SOURCE_DIR}/cmake/docs.cmake)
include(${PROJECT_SOURCE_DIR}/cmake/plugin-sdk.cmake)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/spec DESTINATION ${CMAKE_INSTALL_DATADIR}/x07
  FILES_MATCHING PATTERN "*.json")
