// SPDX-License-Identifier: MIT
/** An IPP printer: Debian's ippeveprinter with roll paper, which keeps its documents, on a D-Bus and Avahi of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '../../lib/server.mjs';
import { until } from './look.mjs';

/* A receipt printer's rolls: 58 and 80 mm wide, any length, no margins. Hundredths of a millimetre. */
const ROLLS = `
ATTR mimeMediaType document-format-supported application/pdf
ATTR mimeMediaType document-format-default application/pdf
ATTR keyword media-supported custom_min_58x30mm,custom_max_80x3000mm
ATTR keyword media-default custom_80x297mm_80x297mm
ATTR keyword media-ready custom_80x297mm_80x297mm
ATTR collection media-size-supported {
  MEMBER rangeOfInteger x-dimension 5800-8000
  MEMBER rangeOfInteger y-dimension 3000-300000
}
ATTR collection media-col-default {
  MEMBER collection media-size {
    MEMBER integer x-dimension 8000
    MEMBER integer y-dimension 29700
  }
  MEMBER integer media-bottom-margin 0
  MEMBER integer media-left-margin 0
  MEMBER integer media-right-margin 0
  MEMBER integer media-top-margin 0
}
ATTR collection media-col-ready {
  MEMBER collection media-size {
    MEMBER integer x-dimension 8000
    MEMBER integer y-dimension 29700
  }
  MEMBER keyword media-source main-roll
  MEMBER keyword media-type stationery
  MEMBER integer media-bottom-margin 0
  MEMBER integer media-left-margin 0
  MEMBER integer media-right-margin 0
  MEMBER integer media-top-margin 0
}
ATTR keyword media-source-supported main-roll
ATTR keyword media-type-supported stationery
ATTR octetString printer-input-tray "type=continuousRoll;mediafeed=0;mediaxfeed=0;maxcapacity=100;level=100;status=0;name=main-roll;"
ATTR collection media-col-database {
  MEMBER collection media-size {
    MEMBER integer x-dimension 8000
    MEMBER integer y-dimension 29700
  }
  MEMBER integer media-bottom-margin 0
  MEMBER integer media-left-margin 0
  MEMBER integer media-right-margin 0
  MEMBER integer media-top-margin 0
},{
  MEMBER collection media-size {
    MEMBER rangeOfInteger x-dimension 5800-8000
    MEMBER rangeOfInteger y-dimension 3000-300000
  }
  MEMBER integer media-bottom-margin 0
  MEMBER integer media-left-margin 0
  MEMBER integer media-right-margin 0
  MEMBER integer media-top-margin 0
}
ATTR keyword media-col-supported media-size,media-bottom-margin,media-left-margin,media-right-margin,media-top-margin
ATTR integer media-bottom-margin-supported 0
ATTR integer media-left-margin-supported 0
ATTR integer media-right-margin-supported 0
ATTR integer media-top-margin-supported 0
ATTR resolution printer-resolution-supported 203dpi
ATTR resolution printer-resolution-default 203dpi
ATTR keyword print-scaling-supported none,auto
ATTR keyword print-scaling-default none
ATTR keyword print-color-mode-supported monochrome
ATTR keyword print-color-mode-default monochrome
ATTR keyword sides-supported one-sided
ATTR keyword sides-default one-sided
ATTR enum print-quality-supported 4
ATTR enum print-quality-default 4
ATTR enum orientation-requested-supported 3
ATTR enum orientation-requested-default 3
`;

const BUS = (folder) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=${folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_destination="*"/>
<allow eavesdrop="true"/></policy></busconfig>
`;

async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

export class IppPrinter {
    constructor() {
        this.folder = temporaryFolder();
        this.children = [];
        chmodSync(this.folder, 0o755);
        this.spool = join(this.folder, 'spool');
        mkdirSync(this.spool);
        writeFileSync(join(this.folder, 'bus.conf'), BUS(this.folder));
        writeFileSync(join(this.folder, 'rolls.conf'), ROLLS);
        writeFileSync(join(this.folder, 'avahi.conf'), '[server]\nuse-ipv6=no\nallow-interfaces=lo\n[wide-area]\nenable-wide-area=no\n');
        /* Jobs print at once while there is paper; without it they wait and say so. */
        writeFileSync(join(this.folder, 'print.sh'), `#!/bin/sh
if [ -e "${this.folder}/empty" ]; then
    echo "STATE: +media-empty-error" >&2
    while [ -e "${this.folder}/empty" ]; do sleep 0.1; done
    echo "STATE: -media-empty-error" >&2
fi
cp "$1" "${this.folder}/printed-$(date +%s%N).pdf"
`);
        chmodSync(join(this.folder, 'print.sh'), 0o755);
    }

    run(program, args) {
        const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${this.folder}/bus` } });
        child.unref();
        child.on('error', (error) => { this.failed = error; });
        this.children.push(child);
        process.once('exit', () => child.kill('SIGKILL'));
        return child;
    }

    async start() {
        this.awake = setInterval(() => {}, 1000); /* children that are waited for do not keep a test alive */
        this.port = await freePort();
        this.run('dbus-daemon', ['--config-file', join(this.folder, 'bus.conf'), '--nofork', '--nopidfile']);
        await until('a bus', () => existsSync(join(this.folder, 'bus')), 400);
        /* Its folder is fixed: one at a time, in a namespace where nobody else's is seen. Inside a chroot, whose root is no
           mount, a namespace takes over how mounts spread (scripts/test-debian has made them private). */
        const avahi = `mount -t tmpfs none /run && exec avahi-daemon -f '${this.folder}/avahi.conf' --no-drop-root --no-chroot --no-rlimits --no-proc-title`;
        this.run('sh', ['-c', 'spread=; unshare -m true 2>/dev/null || spread="--propagation unchanged"; exec unshare -m $spread sh -c "$0"', avahi]);
        await this.on();
    }

    async on() {
        for (let tries = 0; tries < 5; tries++) {
            this.printer = this.run('ippeveprinter', ['-p', String(this.port), '-k', '-d', this.spool, '-c', join(this.folder, 'print.sh'), '-a', join(this.folder, 'rolls.conf'), 'Roll printer']);
            if (await this.answers()) return;
            this.printer.kill('SIGKILL');
        }
        throw new Error('ippeveprinter does not start', { cause: this.failed });
    }

    async answers() {
        for (let n = 0; n < 120 && this.printer.exitCode === null; n++) {
            if (await fetch(`http://127.0.0.1:${this.port}/`).then(() => true, () => false)) return true;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return false;
    }

    off = () => this.printer.kill('SIGKILL');

    get uri() {
        return `ipp://localhost:${this.port}/ipp/print`;
    }

    /** Files of what it has printed, oldest first. */
    get printed() {
        return readdirSync(this.folder).filter((name) => name.startsWith('printed-')).sort().map((name) => join(this.folder, name));
    }

    /** So much paper is in, as the printer's own page is told. */
    load = (sheets) => fetch(`http://127.0.0.1:${this.port}/media?size0=custom_max_80x3000mm&type0=stationery&level0=${sheets}`);

    empty = () => writeFileSync(join(this.folder, 'empty'), '');

    async stop() {
        for (const child of this.children.reverse()) {
            if (child.exitCode !== null || child.signalCode !== null) continue;
            child.kill('SIGKILL');
            await once(child, 'exit');
        }
        clearInterval(this.awake);
    }
}
