# The standard library's documents, put into the host's read-only data just as they are: nothing is parsed or
# copied when the host starts. core/stdlib/std/a/b.x07.json is the module "std.a.b".
file(GLOB_RECURSE documents CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/stdlib/std/*.x07.json)
list(SORT documents)

set(symbols "")
set(rows "")
set(index 0)
foreach(document IN LISTS documents)
  file(RELATIVE_PATH id ${PROJECT_SOURCE_DIR}/core/stdlib ${document})
  string(REGEX REPLACE "\\.x07\\.json$" "" id ${id})
  string(REPLACE "/" "." id ${id})
  string(APPEND symbols "DOCUMENT(${index}, \"${document}\")\n")
  string(APPEND rows "    {\"${id}\", x07_document_${index}, x07_document_end_${index}},\n")
  math(EXPR index "${index} + 1")
endforeach()

configure_file(${PROJECT_SOURCE_DIR}/cmake/builtin_documents.c.in ${PROJECT_BINARY_DIR}/builtin_documents.c @ONLY)
set_source_files_properties(${PROJECT_BINARY_DIR}/builtin_documents.c PROPERTIES OBJECT_DEPENDS "${documents}")
target_sources(x07core PRIVATE ${PROJECT_BINARY_DIR}/builtin_documents.c)
