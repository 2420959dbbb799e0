/* SPDX-License-Identifier: MIT */
/* Answers in the caller's view. */
#ifndef HUB_API_ANSWER_H
#define HUB_API_ANSWER_H

#include "hub/api/call.h"

struct order_command;

/* Takes malloc'ed JSON and answers with what the caller's role may see of it. Returns HUB_OK. */
enum hub_err api_answer(struct api_call *call, int status, char *json, size_t length);
/* The same with what a writer holds, which is finished; UNAVAILABLE if it had failed. */
enum hub_err api_answer_writer(struct api_call *call, int status, struct json_writer *w);
/* Runs an order or table command and answers with its result; finishes the command. */
enum hub_err api_run(struct api_call *call, struct order_command *command);

#endif
