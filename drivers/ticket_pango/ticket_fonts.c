/* SPDX-License-Identifier: MIT */
#include "drivers/ticket_pango/ticket_fonts.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>

/*
 * Pinned one by one: left to itself, fontconfig draws single Tamil letters from Noto Sans Grantha, and a colour emoji
 * font takes the digits. Symbola draws emoji as clear shapes in black. DejaVu is what is there when no Noto is
 * installed.
 */
const char ticket_font_families[] =
    "Noto Sans, Noto Sans Devanagari, Noto Sans Bengali, Noto Sans Tamil, Noto Sans Telugu, Noto Sans Kannada,"
    " Noto Sans Malayalam, Noto Sans Gujarati, Noto Sans Gurmukhi, Noto Sans Sinhala, Noto Sans Thai, Noto Sans Lao,"
    " Noto Sans Khmer, Noto Sans Myanmar, Noto Sans Arabic, Noto Sans Hebrew, Noto Sans Georgian, Noto Sans Armenian,"
    " Noto Sans Ethiopic, Noto Sans CJK SC, WenQuanYi Micro Hei, Droid Sans Fallback, Symbola, DejaVu Sans";

static const char config_text[] =
    "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"urn:fontconfig:fonts.dtd\"><fontconfig>"
    "<dir>/usr/share/fonts</dir><cachedir>/var/cache/fontconfig</cachedir>"
    /* Files only: a rejected folder would not be looked into. */
    "<selectfont><rejectfont><glob>*.ttf</glob><glob>*.otf</glob><glob>*.ttc</glob><glob>*.pf*</glob><glob>*.t1</glob>"
    "<glob>*.pcf*</glob></rejectfont>"
    "<acceptfont>"
    "<glob>/usr/share/fonts/truetype/noto/NotoSans*-Regular.ttf</glob>"
    "<glob>/usr/share/fonts/truetype/noto/NotoSans*-Bold.ttf</glob>"
    "<glob>/usr/share/fonts/opentype/noto/NotoSansCJK-*</glob>"
    "<glob>/usr/share/fonts/truetype/wqy/*</glob>"
    "<glob>/usr/share/fonts/truetype/droid/*</glob>"
    "<glob>/usr/share/fonts/truetype/ancient-scripts/Symbola*</glob>"
    "<glob>/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf</glob>"
    "<glob>/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf</glob>"
    "</acceptfont></selectfont></fontconfig>";

PangoFontMap *ticket_fonts_create(void)
{
    FcConfig *config = FcConfigCreate();
    if (!config) return NULL;
    PangoFontMap *map = NULL;
    if (FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)config_text, FcTrue) && FcConfigBuildFonts(config))
        map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (map) {
        pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config); /* takes a reference of its own */
        pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 72);
    }
    FcConfigDestroy(config);
    return map;
}
