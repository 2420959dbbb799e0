/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz_house.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "drivers/bell_lamp/bell_lamp.h"
#include "drivers/os_clock/os_clock.h"
#include "drivers/text_utf8proc/text_utf8proc.h"
#include "hub/api/call.h"
#include "hub/credentials.h"
#include "hub/demo.h"
#include "hub/restaurant.h"
#include "tests/fuzz/fuzz.h"

static struct hub house;
static struct made_token owner;
static char authorization[CRYPTO_TOKEN_CHARS + 8];
static char folder[] = "/dev/shm/servery-fuzz-XXXXXX";

static void tidy(void)
{
    char command[128];
    hub_close(&house);
    bell_port_destroy(house.bell_lamps);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command)) perror(folder);
}

static void order_something(const char *body)
{
    struct http_req req = {.method = "POST",
        .path = "/api/v1/orders",
        .body = body,
        .body_length = strlen(body),
        .remote = "127.0.0.1",
        .header = fuzz_house_header};
    struct http_res res;
    http_res_init(&res);
    api_handle(&house, &req, &res);
    FUZZ_HOLDS(res.status == 201);
    http_res_finish(&res);
}

static void open_house(void)
{
    struct fault fault = {0};
    struct actor by = {.kind = ACTOR_SYSTEM, .role = ROLE_OWNER};
    FUZZ_HOLDS(mkdtemp(folder));
    house = (struct hub){.config = {.data_dir = folder, .max_sockets = 64, .max_sockets_per_token = 20, .demo = true},
        .clock = os_clock(),
        .crypto = crypto_sodium(),
        .text = text_utf8proc(),
        .bell_lamps = bell_lamp_create(NULL, NULL)};
    log_init(&house.log, LOG_LEVEL_ERROR);
    FUZZ_HOLDS(hub_open(&house, &fault) == 0);
    atexit(tidy);
    FILE *nowhere = fopen("/dev/null", "w");
    FUZZ_HOLDS(nowhere && demo_fill(hub_find(&house, NULL), nowhere) == HUB_OK);
    fclose(nowhere);
    FUZZ_HOLDS(restaurant_follow(hub_find(&house, NULL), &fault) == HUB_OK);
    FUZZ_HOLDS(credentials_token_create(
                   hub_find(&house, NULL)->credentials, &by, "fuzz", ROLE_OWNER, NULL, &owner, &fault) == HUB_OK);
    snprintf(authorization, sizeof authorization, "Bearer %s", owner.token);
    order_something("{\"order_type\":\"takeout\",\"items\":[{\"menu_item_id\":1,\"quantity\":2},{\"menu_item_id\":2,"
                    "\"quantity\":1,\"course\":2}]}");
    order_something("{\"order_type\":\"dine_in\",\"table_id\":1,\"items\":[{\"menu_item_id\":5,\"quantity\":1,\"note\":"
                    "\"no nuts\"}]}");
}

struct hub *fuzz_house(void)
{
    if (!house.restaurants) open_house();
    return &house;
}

const char *fuzz_house_token(void)
{
    return owner.token;
}

const char *fuzz_house_header(const struct http_req *req, const char *name)
{
    (void)req;
    if (strcasecmp(name, "Host") == 0) return "localhost";
    if (strcasecmp(name, "Authorization") == 0) return authorization;
    return NULL;
}
