# The written part of `x07 guide` goes into the host's read-only data as it is.
set(guide_document ${PROJECT_SOURCE_DIR}/spec/guide.md)
configure_file(${PROJECT_SOURCE_DIR}/cmake/guide_text.c.in ${PROJECT_BINARY_DIR}/guide_text.c @ONLY)
set_source_files_properties(${PROJECT_BINARY_DIR}/guide_text.c PROPERTIES OBJECT_DEPENDS ${guide_document})
target_sources(x07core PRIVATE ${PROJECT_BINARY_DIR}/guide_text.c)
