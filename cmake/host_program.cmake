# The program duet: libraries of the host, the live page as C files, and the executable.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(HOST_LIBRARIES REQUIRED IMPORTED_TARGET libelf libdw libpng libturbojpeg
                  libwebsockets)

# The live page: each part of it a C array. Its terminal and its plots are other people's, fetched.
set(web ${CMAKE_CURRENT_SOURCE_DIR}/sim/host/web)
set(fetched ${CMAKE_CURRENT_SOURCE_DIR}/tools/third_party/fetched)
set(web_fetched ${fetched}/page/node_modules)
set(web_arrays "")

# web_asset(NAME FILE [PART…]): the array web_NAME of FILE, in which @PART@ stands for the file of that part.
function(web_asset name file)
  set(array ${CMAKE_BINARY_DIR}/generated/web_${name}.c)
  add_custom_command(OUTPUT ${array}
    COMMAND ${CMAKE_COMMAND} -DNAME=web_${name} -DFROM=${file} -DTO=${array} -DPARTS=${ARGN}
            -P ${PROJECT_SOURCE_DIR}/cmake/web_asset.cmake
    DEPENDS ${file} ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/web_asset.cmake VERBATIM)
  set(web_arrays ${web_arrays} ${array} PARENT_SCOPE)
endfunction()

web_asset(page_html ${web}/page.html ${web}/board.svg)
web_asset(style_css ${web}/style.css)
file(GLOB web_scripts CONFIGURE_DEPENDS ${web}/*.js)
foreach(script ${web_scripts})
  get_filename_component(stem ${script} NAME_WE)
  web_asset(${stem}_js ${script})
endforeach()
web_asset(xterm_js ${web_fetched}/@xterm/xterm/lib/xterm.mjs)
web_asset(xterm_fit_js ${web_fetched}/@xterm/addon-fit/lib/addon-fit.mjs)
web_asset(xterm_css ${web_fetched}/@xterm/xterm/css/xterm.css)
web_asset(uplot_js ${web_fetched}/uplot/dist/uPlot.esm.js)
web_asset(uplot_css ${web_fetched}/uplot/dist/uPlot.min.css)
add_custom_target(web_files DEPENDS ${web_arrays})

# The files on a stick.
add_library(host_fatfs STATIC ${fetched}/fatfs/ff.c ${fetched}/fatfs/ffunicode.c)
target_compile_options(host_fatfs PRIVATE -w)
target_include_directories(host_fatfs SYSTEM PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/sim/host/fat
                           ${fetched}/fatfs)

foreach(flavour "" _san)
  add_library(web_page${flavour} STATIC ${web_arrays})
  add_dependencies(web_page${flavour} web_files)
  target_link_libraries(sim_host${flavour} PUBLIC web_page${flavour} host_fatfs PkgConfig::HOST_LIBRARIES
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
