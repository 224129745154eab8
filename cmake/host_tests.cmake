# Tests of sim/host that are more than a cmocka program: the program duet, a browser, fuzzing.

set_tests_properties(sim/host/program PROPERTIES
  ENVIRONMENT "DUET=$<TARGET_FILE:duet_san>" SKIP_RETURN_CODE 77)
add_dependencies(sim_host_test_program duet_san)
add_dependencies(sim_host_test_card duet guest_images)
add_dependencies(sim_host_test_audio duet guest_images)
set_tests_properties(sim/host/camera_system sim/host/card sim/host/audio
  PROPERTIES
  ENVIRONMENT "DUET=$<TARGET_FILE:duet>" SKIP_RETURN_CODE 77)
add_dependencies(sim_host_test_camera_system duet)

# Random files and random memory again, a hundred times as many.
foreach(fuzz loader_fuzz guest_fuzz)
  add_test(NAME sim/host/${fuzz}_long COMMAND sim_host_test_${fuzz}
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(sim/host/${fuzz}_long PROPERTIES LABELS long TIMEOUT 7200)
endforeach()
set_tests_properties(sim/host/loader_fuzz_long PROPERTIES ENVIRONMENT DUET_FUZZ_ROUNDS=400000)
set_tests_properties(sim/host/guest_fuzz_long PROPERTIES ENVIRONMENT DUET_FUZZ_ROUNDS=10000)

# The loaders under libFuzzer, which looks for new ways through them.
find_program(DUET_FUZZ_CC NAMES clang-14 clang)
if(DUET_FUZZ_CC)
  set(host ${PROJECT_SOURCE_DIR}/sim/host)
  set(fuzz_source ${PROJECT_SOURCE_DIR}/sim/test/host/fuzz_loaders.c)
  set(fuzz_sources ${fuzz_source} ${host}/image.c ${host}/elf.c ${host}/hex.c ${host}/file.c
      ${host}/failure.c ${host}/number.c ${host}/memory_map.c ${host}/info.c ${host}/symbols.c
      ${host}/debug_info.c ${host}/exidx.c)
  set(fuzz_loaders ${CMAKE_CURRENT_BINARY_DIR}/fuzz_loaders)
  add_custom_command(OUTPUT ${fuzz_loaders}
    COMMAND ${DUET_FUZZ_CC} -std=gnu11 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined
            -fno-sanitize-recover=all -I${PROJECT_SOURCE_DIR} ${fuzz_sources} -o ${fuzz_loaders}
            -lelf -ldw
    DEPENDS ${fuzz_sources} VERBATIM)
  add_custom_target(fuzz_loaders_build ALL DEPENDS ${fuzz_loaders})
  add_test(NAME sim/host/loaders_libfuzzer_long
           COMMAND ${fuzz_loaders} -max_total_time=600 -max_len=4096 -timeout=10 -seed=1)
  set_tests_properties(sim/host/loaders_libfuzzer_long PROPERTIES LABELS long TIMEOUT 1200)
endif()

# The live page in a real browser; 77: not to be had here.
add_executable(page_server ${PROJECT_SOURCE_DIR}/sim/test/host/page/page_server.c)
target_link_libraries(page_server sim_host_san)
set(page ${PROJECT_SOURCE_DIR}/sim/test/host/page/run.sh ${CMAKE_BINARY_DIR})
add_test(NAME sim/host/page COMMAND ${page} page.mjs $<TARGET_FILE:page_server>)
add_test(NAME sim/host/page_board COMMAND ${page} board.mjs $<TARGET_FILE:duet>)
add_test(NAME sim/host/page_upload COMMAND python3 ${PROJECT_SOURCE_DIR}/sim/test/host/page/upload.py
         $<TARGET_FILE:page_server>)
add_test(NAME sim/host/page_fuzz COMMAND python3 ${PROJECT_SOURCE_DIR}/sim/test/host/page/fuzz.py
         $<TARGET_FILE:page_server>)
add_test(NAME sim/host/page_fuzz_long COMMAND python3 ${PROJECT_SOURCE_DIR}/sim/test/host/page/fuzz.py
         $<TARGET_FILE:page_server> 40000)
set_tests_properties(sim/host/page_upload sim/host/page_fuzz PROPERTIES TIMEOUT 300
  ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
set_tests_properties(sim/host/page_fuzz_long PROPERTIES LABELS long TIMEOUT 7200)
set_tests_properties(sim/host/page sim/host/page_board PROPERTIES
  SKIP_RETURN_CODE 77 TIMEOUT 300 RUN_SERIAL TRUE) # they measure pictures a second

# Under a debugger: the protocol by a socket, and gdb itself.
foreach(way protocol ports session past page_past spoilt)
  add_test(NAME sim/host/gdb_${way}
           COMMAND python3 ${PROJECT_SOURCE_DIR}/sim/test/host/gdb/${way}.py $<TARGET_FILE:duet>
                   ${CMAKE_BINARY_DIR})
  set_tests_properties(sim/host/gdb_${way} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endforeach()

# The checker's reports, as text and as JSON lines.
find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND AND ARM_GCC)
  add_test(NAME sim/host/checker COMMAND ${Python3_EXECUTABLE}
           ${PROJECT_SOURCE_DIR}/sim/test/host/checker/test_checker.py $<TARGET_FILE:duet_san> ${ARM_GCC})
  set_tests_properties(sim/host/checker PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
    ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
endif()

# The timeline, read by a reader of its own.
find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND AND ARM_GCC)
  add_test(NAME sim/host/timeline COMMAND ${Python3_EXECUTABLE}
           ${PROJECT_SOURCE_DIR}/sim/test/host/timeline/test_timeline.py $<TARGET_FILE:duet> ${ARM_GCC})
  set_tests_properties(sim/host/timeline PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
    ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
endif()
