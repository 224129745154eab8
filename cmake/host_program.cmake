# The program duet: libraries of the host, the live page as a C file, and the executable.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(HOST_LIBRARIES REQUIRED IMPORTED_TARGET libelf libdw libpng libturbojpeg
                  libwebsockets)

set(web ${CMAKE_CURRENT_SOURCE_DIR}/sim/host/web)
set(web_page ${CMAKE_BINARY_DIR}/generated/web_page.c)
add_custom_command(OUTPUT ${web_page}
  COMMAND ${CMAKE_COMMAND} -DFROM=${web} -DTO=${web_page}
          -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/web_page.cmake
  DEPENDS ${web}/page.html ${web}/style.css ${web}/page.js
          ${CMAKE_CURRENT_SOURCE_DIR}/cmake/web_page.cmake)
add_custom_target(web_page_file DEPENDS ${web_page})

foreach(flavour "" _san)
  add_library(web_page${flavour} STATIC ${web_page})
  add_dependencies(web_page${flavour} web_page_file)
  target_include_directories(web_page${flavour} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(sim_host${flavour} PUBLIC web_page${flavour} PkgConfig::HOST_LIBRARIES
                        Threads::Threads)
  # Pictures are the same on every machine: no fused multiply-add.
  target_compile_options(sim_host${flavour} PRIVATE -ffp-contract=off)
  add_executable(duet${flavour} sim/host/main.c)
  target_link_libraries(duet${flavour} sim_host${flavour})
  target_compile_definitions(duet${flavour} PRIVATE DUET_VERSION="${PROJECT_VERSION}")
  set_target_properties(duet${flavour} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endforeach()

# The one loop over every pixel of a video.
set_source_files_properties(sim/host/resample.c PROPERTIES COMPILE_OPTIONS -O3)
