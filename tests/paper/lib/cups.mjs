// SPDX-License-Identifier: MIT
/** A print service of our own: a real cupsd in a temporary folder, on a socket, ended by its process id. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../lib/server.mjs';

const run = promisify(execFile);
const SOURCES = fileURLToPath(new URL('../../../drivers/escpos_backend', import.meta.url));

const FILES = (t) => `ServerRoot ${t}/etc
RequestRoot ${t}/spool
TempDir ${t}/spool/tmp
CacheDir ${t}/cache
StateDir ${t}/run
AccessLog ${t}/log/access_log
ErrorLog ${t}/log/error_log
PageLog ${t}/log/page_log
ServerBin ${t}/bin
DataDir /usr/share/cups
DocumentRoot /usr/share/cups/doc-root
FileDevice Yes
SystemGroup root lpadmin
`;
/* DirtyCleanInterval 0: without it accepted jobs live in memory alone for 30 seconds. */
const DAEMON = (t) => `LogLevel debug
Listen ${t}/run/cups.sock
Browsing No
WebInterface No
DefaultShared No
DefaultAuthType None
ErrorPolicy retry-current-job
JobRetryInterval 1
JobRetryLimit 0
MaxJobs 500
PreserveJobHistory Yes
PreserveJobFiles No
DirtyCleanInterval 0
SyncOnClose Yes
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
JobPrivateAccess all
JobPrivateValues none
SubscriptionPrivateAccess all
SubscriptionPrivateValues none
<Limit All>
Order deny,allow
Allow all
</Limit>
</Policy>
`;

export class Cups {
    /** `backend`: the program that printers at escpos:// are driven by; `filter`: the same before other backends. */
    constructor({ backend, filter } = {}) {
        Object.assign(this, { backend, filter });
        this.folder = temporaryFolder();
        chmodSync(this.folder, 0o755); /* backends run as another user than the daemon */
        for (const name of ['etc/ppd', 'etc/ssl', 'spool/tmp', 'cache/rss', 'run', 'log'])
            mkdirSync(join(this.folder, name), { recursive: true });
        this.socket = join(this.folder, 'run/cups.sock');
        this.fillServerBin();
        writeFileSync(join(this.folder, 'etc/cups-files.conf'), FILES(this.folder));
        writeFileSync(join(this.folder, 'etc/cupsd.conf'), DAEMON(this.folder));
    }

    /** CUPS' own programs, and the backend under test beside them: nothing of it is installed. */
    fillServerBin() {
        const [bin, stock] = [join(this.folder, 'bin'), '/usr/lib/cups'];
        mkdirSync(bin);
        const own = ['backend', 'filter'];
        for (const name of readdirSync(stock)) if (!own.includes(name)) symlinkSync(join(stock, name), join(bin, name));
        for (const folder of own) {
            mkdirSync(join(bin, folder), { recursive: true });
            for (const name of readdirSync(join(stock, folder))) symlinkSync(join(stock, folder, name), join(bin, folder, name));
        }
        if (this.filter) {
            copyFileSync(this.filter, join(bin, 'filter/servery-escpos'));
            chmodSync(join(bin, 'filter/servery-escpos'), 0o755);
            copyFileSync(join(SOURCES, 'servery.types'), join(this.folder, 'etc/servery.types'));
        }
        if (!this.backend) return;
        for (const name of ['escpos', 'escpos-usb']) {
            copyFileSync(this.backend, join(bin, 'backend', name));
            chmodSync(join(bin, 'backend', name), 0o755);
        }
    }

    get env() {
        return { ...process.env, CUPS_SERVER: this.socket, LC_ALL: 'C' };
    }

    async start() {
        const etc = join(this.folder, 'etc');
        this.child = spawn('/usr/sbin/cupsd', ['-f', '-c', join(etc, 'cupsd.conf'), '-s', join(etc, 'cups-files.conf')], {
            stdio: 'ignore',
        });
        this.ended = once(this.child, 'exit');
        this.child.unref();
        process.once('exit', () => this.child.kill('SIGKILL'));
        for (let n = 0; n < 400; n++) {
            const answer = await run('lpstat', ['-r'], { env: this.env }).catch(() => ({ stdout: '' }));
            if (/scheduler is running/.test(answer.stdout)) return;
            await new Promise((resolve) => setTimeout(resolve, 25));
        }
        throw new Error('cupsd does not start');
    }

    async stop(signal = 'SIGTERM') {
        this.child.kill(signal);
        await this.ended;
    }

    /** SIGSTOP: it is there, and answers nobody. */
    freeze = () => this.child.kill('SIGSTOP');
    thaw = () => this.child.kill('SIGCONT');

    /** A raw queue to a printer at that address. */
    addUri = (name, uri) => run('lpadmin', ['-p', name, '-E', '-v', uri, '-m', 'raw'], { env: this.env });

    /** A queue to a printer behind a stock backend, with our filter before it. */
    addFiltered = (name, uri) => run('lpadmin', ['-p', name, '-E', '-v', uri, '-P', join(SOURCES, 'servery-escpos.ppd')], { env: this.env });

    /** A queue to an IPP printer. */
    addEverywhere = (name, uri) => run('lpadmin', ['-p', name, '-E', '-v', uri, '-m', 'everywhere'], { env: this.env });

    /** As CUPS itself does with a queue whose backend failed. */
    pause = (name) => run('cupsdisable', [name], { env: this.env });

    /** A raw queue to a printer on a TCP port, by CUPS' own backend. */
    addQueue = (name, port) =>
        run('lpadmin', ['-p', name, '-E', '-v', `socket://127.0.0.1:${port}/?waiteof=true`, '-m', 'raw'], { env: this.env });
}
