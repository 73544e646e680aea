# x07_add_plugin(NAME source...): one plugin file, build tree layout as installed, and its install rule.
function(x07_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/include)
  target_compile_definitions(${name} PRIVATE
    X07_PLUGIN_VERSION="${PROJECT_VERSION}" X07_PLUGIN_LICENCE="Apache-2.0")
  set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY
    ${CMAKE_BINARY_DIR}/${X07_PLUGIN_DIR})
  install(TARGETS ${name} LIBRARY DESTINATION ${X07_PLUGIN_DIR})
endfunction()
