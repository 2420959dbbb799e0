/* SPDX-License-Identifier: MIT */
/*
 * A CUPS backend for receipt printers, `escpos://HOST[:PORT]` on the network and `escpos-usb:/dev/usb/lp0` beside the
 * box: a thin shell around drivers/escpos. CUPS starts it for each job, with the device URI in DEVICE_URI; without
 * arguments it says what it is. See backend(7).
 */
#include <cups/backend.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/escpos_backend/cups_job.h"

int main(int argc, char **argv)
{
    if (argc == 1) {
        bool usb = strstr(argv[0], "escpos-usb") != NULL;
        printf("%s\n", usb ? "direct escpos-usb \"Unknown\" \"ESC/POS receipt printer (USB)\""
                           : "network escpos \"Unknown\" \"ESC/POS receipt printer (network)\"");
        return CUPS_BACKEND_OK;
    }
    struct escpos_target target;
    const char *uri = getenv("DEVICE_URI");
    if (!uri || !escpos_target_read(uri, &target)) {
        fprintf(stderr, "ERROR: \"%s\" is no address of a printer: write escpos://HOST:PORT.\n", uri ? uri : "");
        return CUPS_BACKEND_STOP;
    }
    struct job job = {.target = &target};
    return cups_job_main(&job, argc, argv);
}
