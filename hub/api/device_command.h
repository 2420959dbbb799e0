/* SPDX-License-Identifier: MIT */
/* A POST about a device or an alert as a command of the writer, with its idempotency key. */
#ifndef HUB_API_DEVICE_COMMAND_H
#define HUB_API_DEVICE_COMMAND_H

#include "hub/api/call.h"
#include "hub/port/crypto.h"
#include "hub/tx.h"

struct device_command;
/* Writer thread: does it, and writes the answer's JSON. A fault goes to command->command.fault. */
typedef enum hub_err device_act(struct device_command *command, struct tx *tx, struct json_writer *answer);

struct device_command {
    struct command command; /* first */
    int64_t id;             /* of the path */
    device_act *act;
    const void *request; /* what the body said; lives until the call is over */
    struct idempotency idempotency;
    struct json_writer answer;
    bool replayed;
};

/*
 * Runs it and answers 200 with what `act` wrote, or with what it wrote the first time for that key. The operation that
 * a key belongs to is the method, the path and the id.
 */
enum hub_err device_command_run(struct api_call *call, device_act *act, const void *request);

#endif
