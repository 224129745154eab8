# cmake -DNAME=web_page_html -DFROM=page.html -DTO=web_page_html.c [-DPARTS=board.svg] -P web_asset.cmake: a
# file as the C array NAME and its size NAME_size. @board.svg@ in it stands for the part of that name.
if(PARTS)
  file(READ ${FROM} text)
  foreach(part ${PARTS})
    get_filename_component(name ${part} NAME)
    file(READ ${part} inside)
    string(REPLACE "@${name}@" "${inside}" text "${text}")
  endforeach()
  file(WRITE ${TO}.text "${text}")
  set(FROM ${TO}.text)
endif()
file(READ ${FROM} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${TO} "extern const unsigned char ${NAME}[];\nextern const unsigned ${NAME}_size;\n"
                 "const unsigned char ${NAME}[] = {${bytes}};\n"
                 "const unsigned ${NAME}_size = ${size};\n")
