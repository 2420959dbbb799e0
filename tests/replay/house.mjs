// SPDX-License-Identifier: MIT
/** The house that a day is played in: a server of its own, with or without a print service and a printer. */
import { Api, Live } from '../lib/client.mjs';
import { run, Server } from '../lib/server.mjs';

export async function openHouse({ paper }) {
    const server = await Server.start({ demo: true });
    const house = { server, close: async () => server.dispose() };
    if (paper) await addPaper(house);
    house.api = {};
    for (const role of ['manager', 'waiter', 'kitchen']) house.api[role] = new Api(server, { token: await server.token(role) });
    house.screen = async () => Live.open(server, { token: await server.token('kitchen'), query: { topics: 'orders,devices' } });
    return house;
}

async function addPaper(house) {
    const { Cups } = await import('../paper/lib/cups.mjs');
    const { RecordingPrinter } = await import('../paper/lib/printer.mjs');
    const cups = new Cups();
    house.paper = new RecordingPrinter();
    await house.paper.on();
    await cups.start();
    await cups.addQueue('kot', house.paper.port);
    const { code, stderr } = await run(['printer', 'add', '--data', house.server.data, '--name', 'Kitchen printer', '--driver', 'cups',
        '--address', `kot@${cups.socket}`]);
    if (code) throw new Error(stderr);
    await house.server.restart();
    house.close = async () => {
        await house.server.dispose();
        await cups.stop();
        await house.paper.off();
    };
}
