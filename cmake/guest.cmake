# ARM programs for the tests of the virtual board, built by the cross compiler as plain images.

find_program(ARM_GCC arm-none-eabi-gcc)
find_program(ARM_OBJCOPY arm-none-eabi-objcopy)
set(GUEST_SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/test/machine/guest)
file(GLOB GUEST_HEADERS CONFIGURE_DEPENDS ${GUEST_SOURCE_DIR}/*.h)
set(GUEST_BINARY_DIR ${CMAKE_BINARY_DIR}/guest)
file(GLOB GUEST_HEADERS CONFIGURE_DEPENDS ${GUEST_SOURCE_DIR}/*.h)
file(MAKE_DIRECTORY ${GUEST_BINARY_DIR})

# guest_image(SOURCE CORE OPTIMISATION): guest/<stem>.<CORE>.<OPTIMISATION>.bin of guest/<SOURCE>.c,
# compiled with -D<CORE>, linked for the flash bank of CORE (cm7, cm4).
function(guest_image source core optimisation)
  set(image ${GUEST_BINARY_DIR}/${source}.${core}.${optimisation})
  if(core STREQUAL "cm7")
    set(cpu -mcpu=cortex-m7 -mfpu=fpv5-d16 -mfloat-abi=hard -DCM7)
  else()
    set(cpu -mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard -DCM4)
  endif()
  set(sources ${GUEST_SOURCE_DIR}/${source}.c ${GUEST_SOURCE_DIR}/start.c)
  add_custom_command(
    OUTPUT ${image}.bin
    COMMAND ${ARM_GCC} ${cpu} -mthumb -${optimisation} -ffreestanding -nostdlib -Wall -Wextra -Wno-unused-function
            -T ${GUEST_SOURCE_DIR}/${core}.ld -Wl,--build-id=none -o ${image}.elf ${sources} -lgcc
    COMMAND ${ARM_OBJCOPY} -O binary ${image}.elf ${image}.bin
    DEPENDS ${sources} ${GUEST_HEADERS} ${GUEST_SOURCE_DIR}/${core}.ld
    COMMENT "Guest ${source} for the ${core} at -${optimisation}"
    VERBATIM)
  set_property(GLOBAL APPEND PROPERTY GUEST_IMAGES ${image}.bin)
endfunction()

# All sources of guest/ for both cores, at -O0 and -Os.
function(guest_images)
  file(GLOB sources CONFIGURE_DEPENDS ${GUEST_SOURCE_DIR}/*.c)
  foreach(source ${sources})
    get_filename_component(stem ${source} NAME_WE)
    if(stem STREQUAL "start")
      continue()
    endif()
    foreach(core cm7 cm4)
      foreach(optimisation O0 Os)
        guest_image(${stem} ${core} ${optimisation})
      endforeach()
    endforeach()
  endforeach()
  get_property(images GLOBAL PROPERTY GUEST_IMAGES)
  add_custom_target(guest_images ALL DEPENDS ${images})
endfunction()

if(ARM_GCC)
  guest_images()
endif()
