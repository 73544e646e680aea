# Install rules of documentation, man pages and shell completions.
file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md)
install(FILES ${pages} ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/examples DESTINATION ${CMAKE_INSTALL_DOCDIR})

# What `x07 init` links into new projects, laid out in the build tree as it is installed.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/skills DESTINATION share/x07)
file(COPY ${pages} ${PROJECT_SOURCE_DIR}/docs/examples DESTINATION ${CMAKE_BINARY_DIR}/share/doc/x07)
file(COPY ${PROJECT_SOURCE_DIR}/docs/skills DESTINATION ${CMAKE_BINARY_DIR}/share/x07)
file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/packaging/man/*.1)
install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/completions/x07.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME x07)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/completions/x07.zsh
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _x07)
install(FILES ${PROJECT_SOURCE_DIR}/packaging/completions/x07.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
