# Language, warnings, sanitizers and where binaries land: the same for every room.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_LINK_LIBRARIES_ONLY_TARGETS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(hefang_options INTERFACE)
target_compile_options(hefang_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wswitch-enum -Werror
  # g++ 12 with optimization or sanitizers sees uninitialized reads in std::optional, std::function and std::regex.
  -Wno-maybe-uninitialized)
if(HEFANG_SANITIZE)
  # Warnings are judged by the build without sanitizers; with them g++ 12 warns of its own instrumentation.
  target_compile_options(hefang_options INTERFACE -Wno-error)
  target_compile_options(hefang_options INTERFACE -fsanitize=${HEFANG_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(hefang_options INTERFACE -fsanitize=${HEFANG_SANITIZE})
endif()
if(HEFANG_FUZZ)
  # -w: clang means other things by the same names of warnings; g++ judges them in every other build.
  target_compile_options(hefang_options INTERFACE -w -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer)
  target_link_options(hefang_options INTERFACE -fsanitize=address,undefined)
endif()

