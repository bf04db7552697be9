# The operator page in the program.
#
# hefang_page(TARGET): adds the table of assets to TARGET. With HEFANG_UI, and node and npm at hand, the page is bundled
# in the build tree; when any step fails, the build says so in one line and goes on with an empty table, and the gateway
# then serves a short page that says that it has none.
# hefang_page_tests(): the page's own tests and its types, as entries of ctest; skipped where its packages are missing.
# As a script (cmake -P) this file is the build step itself: SOURCE, WORK, NPM, NODE.

if(CMAKE_SCRIPT_MODE_FILE)
  function(give_up why)
    string(REGEX REPLACE "[\r\n].*" "" why "${why}")
    message("Operator page not built: ${why} - going on without it (delete ${WORK}/page.cpp to try again)")
    file(WRITE ${WORK}/page.S "    .section .note.GNU-stack,\"\",%progbits\n")
    file(COPY_FILE ${SOURCE}/no_page.cpp.in ${WORK}/page.cpp)
  endfunction()

  file(MAKE_DIRECTORY ${WORK}/ui)
  file(REMOVE_RECURSE ${WORK}/ui/src)
  file(COPY ${SOURCE}/src ${SOURCE}/package.json ${SOURCE}/package-lock.json ${SOURCE}/.npmrc ${SOURCE}/tsconfig.json
       ${SOURCE}/build.mjs ${SOURCE}/check.mjs ${SOURCE}/test.mjs DESTINATION ${WORK}/ui)
  file(SHA256 ${SOURCE}/package-lock.json lock)
  set(installed "")
  if(EXISTS ${WORK}/ui/node_modules/.lock)
    file(READ ${WORK}/ui/node_modules/.lock installed)
  endif()
  if(NOT installed STREQUAL lock)
    execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=20000
                    WORKING_DIRECTORY ${WORK}/ui RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET TIMEOUT 300)
    if(failed)
      give_up("npm ci failed (${failed})")
      return()
    endif()
    file(WRITE ${WORK}/ui/node_modules/.lock ${lock})
  endif()
  execute_process(COMMAND ${NODE} build.mjs ${WORK} WORKING_DIRECTORY ${WORK}/ui
                  RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE said)
  if(failed)
    give_up("bundling failed: ${said}")
  endif()
  return()
endif()

set(HEFANG_NODE_OLDEST 18)

function(hefang_page_tests)
  if(NOT TARGET hefang_page)
    return()
  endif()
  foreach(kind test check)
    add_test(NAME page_${kind} COMMAND ${HEFANG_NODE} ${kind}.mjs WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/page/ui)
    set_tests_properties(page_${kind} PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77)
  endforeach()
endfunction()

function(hefang_page target)
  set(source ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../gateway/web/ui)
  cmake_path(NORMAL_PATH source)
  set(why "")
  if(NOT HEFANG_UI)
    set(why "HEFANG_UI is OFF")
  else()
    find_program(HEFANG_NODE NAMES node nodejs)
    find_program(HEFANG_NPM npm)
    if(NOT HEFANG_NODE OR NOT HEFANG_NPM)
      set(why "node and npm are needed")
    else()
      execute_process(COMMAND ${HEFANG_NODE} -p "parseInt(process.versions.node)" OUTPUT_VARIABLE major
                      OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
      if(NOT major MATCHES "^[0-9]+$" OR major LESS HEFANG_NODE_OLDEST)
        set(why "node ${HEFANG_NODE_OLDEST} or newer is needed")
      endif()
    endif()
  endif()
  if(why)
    message(STATUS "Operator page: not built (${why})")
    configure_file(${source}/no_page.cpp.in ${CMAKE_BINARY_DIR}/page/none/page.cpp COPYONLY)
    target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/page/none/page.cpp)
    return()
  endif()
  message(STATUS "Operator page: built with node ${major}")
  set(work ${CMAKE_BINARY_DIR}/page)
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${source}/src/*)
  add_custom_command(
    OUTPUT ${work}/page.cpp ${work}/page.S
    COMMAND ${CMAKE_COMMAND} -D SOURCE=${source} -D WORK=${work} -D NPM=${HEFANG_NPM} -D NODE=${HEFANG_NODE}
            -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    DEPENDS ${inputs} ${source}/package.json ${source}/package-lock.json ${source}/build.mjs ${source}/check.mjs ${source}/test.mjs
            ${source}/no_page.cpp.in
            ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    COMMENT "Bundling the operator page" VERBATIM)
  add_custom_target(hefang_page DEPENDS ${work}/page.cpp ${work}/page.S)
  target_sources(${target} PRIVATE ${work}/page.cpp ${work}/page.S)
  add_dependencies(${target} hefang_page)
endfunction()
