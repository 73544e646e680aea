# The schemas that the host checks documents against, put into its read-only data just as they are.
set(schemas x07ast-0.3.0 x07ast-0.4.0 x07ast-0.5.0 x07-patchset x07-run-os.policy x07-x07diag x07-tool-root.report
  x07-tool.events
  x07-plugins.check x07-plugins.info x07-plugins.list)

set(schema_symbols "")
set(schema_rows "")
set(schema_paths "")
set(index 0)
foreach(schema IN LISTS schemas)
  set(path ${PROJECT_SOURCE_DIR}/spec/${schema}.schema.json)
  list(APPEND schema_paths ${path})
  string(APPEND schema_symbols "SCHEMA(${index}, \"${path}\")\n")
  string(APPEND schema_rows "    {\"${schema}\", x07_schema_${index}, x07_schema_end_${index}},\n")
  math(EXPR index "${index} + 1")
endforeach()

configure_file(${PROJECT_SOURCE_DIR}/cmake/schema_files.c.in ${PROJECT_BINARY_DIR}/schema_files.c @ONLY)
set_source_files_properties(${PROJECT_BINARY_DIR}/schema_files.c PROPERTIES OBJECT_DEPENDS "${schema_paths}")
target_sources(x07core PRIVATE ${PROJECT_BINARY_DIR}/schema_files.c)
