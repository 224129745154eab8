/* The parts of the live page, which the build makes arrays of (cmake/host_program.cmake). */
#include "sim/host/web_internal.h"

#define ARRAY(name)                                                                                \
    extern const unsigned char web_##name[];                                                       \
    extern const unsigned web_##name##_size;
#define ASSET(path, type, name)                                                                    \
    {                                                                                              \
        path, type, web_##name, &web_##name##_size                                                 \
    }

static const char html[] = "text/html; charset=utf-8", css[] = "text/css; charset=utf-8",
                  js[] = "text/javascript; charset=utf-8";

ARRAY(page_html)
ARRAY(style_css)
ARRAY(page_js)
ARRAY(link_js)
ARRAY(panel_js)
ARRAY(board_js)
ARRAY(console_js)
ARRAY(time_js)
ARRAY(plots_js)
ARRAY(stick_js)
ARRAY(camera_js)
ARRAY(upload_js)
ARRAY(xterm_js)
ARRAY(xterm_fit_js)
ARRAY(xterm_css)
ARRAY(uplot_js)
ARRAY(uplot_css)

const struct web_asset web_assets[] = {
    ASSET("/", html, page_html),          ASSET("/style.css", css, style_css),
    ASSET("/page.js", js, page_js),       ASSET("/link.js", js, link_js),
    ASSET("/panel.js", js, panel_js),     ASSET("/board.js", js, board_js),
    ASSET("/console.js", js, console_js), ASSET("/time.js", js, time_js),
    ASSET("/plots.js", js, plots_js),     ASSET("/stick.js", js, stick_js),
    ASSET("/camera.js", js, camera_js),   ASSET("/upload.js", js, upload_js),
    ASSET("/xterm.js", js, xterm_js),     ASSET("/xterm-fit.js", js, xterm_fit_js),
    ASSET("/xterm.css", css, xterm_css),  ASSET("/uplot.js", js, uplot_js),
    ASSET("/uplot.css", css, uplot_css),
};
const size_t web_asset_count = sizeof web_assets / sizeof *web_assets;
