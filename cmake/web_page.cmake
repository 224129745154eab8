# cmake -DFROM=sim/host/web -DTO=web_page.c -P web_page.cmake: one page of HTML, style and script, as
# a C array.
file(READ ${FROM}/page.html page)
file(READ ${FROM}/style.css style)
file(READ ${FROM}/page.js script)
string(REPLACE "@STYLE@" "${style}" page "${page}")
string(REPLACE "@SCRIPT@" "${script}" page "${page}")
file(WRITE ${TO}.html "${page}")
file(READ ${TO}.html bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${TO} "#include \"sim/host/web.h\"\n\nconst unsigned char web_page[] = {${bytes}};\n"
                 "const unsigned web_page_size = ${size};\n")
