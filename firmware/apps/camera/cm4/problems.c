#include "cm4/problems.h"

#include <stdio.h>

struct problem {
    enum panel_sign sign;
    const char *title, *text;
};

static const struct problem problems[STORAGE_STATUS_COUNT] = {
    [STORAGE_NO_STICK] = {SIGN_NO_STICK, "No stick",
                          "Plug a USB stick into the board to keep films and pictures."},
    [STORAGE_EJECTED] = {SIGN_NO_STICK, "The stick was ejected",
                         "Plug it in again, or another one."},
    [STORAGE_NOT_FORMATTED] = {SIGN_WARNING, "This stick cannot be read",
                               "Format it with FAT32 or exFAT on a computer, or use another."},
    [STORAGE_NOT_A_STICK] = {SIGN_WARNING, "This is no stick",
                             "What is plugged in cannot keep files. Plug in a USB stick."},
    [STORAGE_NO_MEDIUM] = {SIGN_NO_STICK, "No card", "There is no card in the reader."},
    [STORAGE_GONE] = {SIGN_WARNING, "The stick was taken out",
                      "Of the film the last second may be lost."},
    [STORAGE_READ_ONLY] = {SIGN_LOCKED, "The stick is write-protected",
                           "Slide its switch to the other side, or use another stick."},
    [STORAGE_FULL] = {SIGN_FULL, "The stick is full",
                      "Remove films or pictures in the gallery, or use another stick."},
    [STORAGE_NO_NAME] = {SIGN_FULL, "No number is left",
                         "There is a DUET9999. Remove films and pictures on a computer."},
    [STORAGE_NO_CAMERA] = {SIGN_WARNING, "No picture",
                           "The camera sends nothing. Check its cable, then restart."},
    [STORAGE_TOO_LARGE] = {SIGN_WARNING, "Too much detail",
                           "The picture does not fit its place. Choose a smaller size."},
    [STORAGE_RECORDING] = {SIGN_WARNING, "A film is being recorded",
                           "Stop it first: the camera records or plays, not both at once."},
    [STORAGE_PLAYING] = {SIGN_WARNING, "A film or picture is shown",
                         "Close it first: the camera records or plays, not both at once."},
    [STORAGE_NOT_A_FILM] = {SIGN_WARNING, "This cannot be shown",
                            "Films are MJPEG in AVI, pictures are baseline JPEG."},
    [STORAGE_TOO_WIDE] = {SIGN_WARNING, "It is too large to be shown",
                          "It has more than the 800 by 480 pixels of the panel."},
    [STORAGE_NOT_FOUND] = {SIGN_WARNING, "The file is not there",
                           "It was removed, or the stick is another one."},
    [STORAGE_SLOW] = {SIGN_WARNING, "The stick does not answer",
                      "Take it out and plug it in again."},
    [STORAGE_BROKEN] = {SIGN_WARNING, "The stick has errors",
                        "Take it out and check it on a computer."},
};

struct panel_dialog problem_dialog(enum storage_status status)
{
    struct panel_dialog dialog = {.kind = PANEL_DIALOG, .sign = SIGN_WARNING};
    const struct problem *problem = status < STORAGE_STATUS_COUNT ? &problems[status] : NULL;
    if (!problem || !problem->title) {
        snprintf(dialog.title, sizeof dialog.title, "That did not work");
        snprintf(dialog.text, sizeof dialog.text, "%s", storage_text(status));
        return dialog;
    }
    dialog.sign = (uint8_t)problem->sign;
    snprintf(dialog.title, sizeof dialog.title, "%s", problem->title);
    snprintf(dialog.text, sizeof dialog.text, "%s", problem->text);
    return dialog;
}

const char *problem_name(enum storage_status status)
{
    switch (status) {
    case STORAGE_EJECTED:
        return "Ejected";
    case STORAGE_NOT_FORMATTED:
        return "Unreadable";
    case STORAGE_NOT_A_STICK:
        return "Not a stick";
    case STORAGE_NO_MEDIUM:
        return "No card";
    case STORAGE_BROKEN:
    case STORAGE_SLOW:
        return "Stick fails";
    default:
        return "No stick";
    }
}
