/* SPDX-License-Identifier: MIT */
import { ChefHat, Gauge, HandPlatter, LayoutGrid, LogOut, MonitorCheck, Radio, Receipt, ScrollText } from 'lucide-preact';
import { base, restaurant, session, signOut } from '../app';
import { boot } from '../boot';
import { DeviceSettings } from '../components/DeviceSettings';
import { Frame, Skeleton } from '../components/Frame';
import { type MessageKey, t } from '../i18n';
import '../styles/home.css';

/** Each person sees the pages of their work first, and none that would only refuse them. */
const LINKS = [
    { path: 'floor', icon: LayoutGrid, key: 'nav_floor', roles: ['waiter', 'manager', 'owner'] },
    { path: 'order', icon: Receipt, key: 'nav_order', roles: ['waiter', 'manager', 'owner'] },
    { path: 'kitchen', icon: ChefHat, key: 'nav_kitchen', roles: ['kitchen', 'manager', 'owner', 'waiter', 'display'] },
    { path: 'pass', icon: HandPlatter, key: 'nav_pass', roles: ['waiter', 'manager', 'owner'] },
    { path: 'dashboard', icon: Gauge, key: 'nav_dashboard', roles: ['manager', 'owner', 'waiter'] },
    { path: 'board', icon: MonitorCheck, key: 'nav_board', roles: ['waiter', 'kitchen', 'manager', 'owner', 'display'] },
    { path: 'connections', icon: Radio, key: 'nav_connections', roles: ['manager', 'owner'] },
    { path: 'strip', icon: ScrollText, key: 'nav_strip', roles: ['waiter', 'kitchen', 'manager', 'owner', 'display'] },
] as const;

function Home() {
    const who = session.value;
    return (
        <Frame title={restaurant.value?.name ?? t('app')} home={false}>
            {who === 'unknown' && <Skeleton count={3} />}
            {who !== 'unknown' && (
                <nav class="doors">
                    {LINKS.filter(({ roles }) => !who || (roles as readonly string[]).includes(who.role)).map(({ path, icon: Icon, key }) => (
                        <a key={path} class="door" href={`${base.prefix}/${path}`} data-testid={`link-${path}`}>
                            <Icon size={36} aria-hidden="true" />
                            <span class="door-name">{t(key)}</span>
                            <span class="muted">{t(`${key}_what` as MessageKey)}</span>
                        </a>
                    ))}
                </nav>
            )}
            <DeviceSettings />
            {who && who !== 'unknown' && (
                <p class="whoami">
                    <span data-testid="whoami">
                        {t('signed_in_as', { name: who.staff?.name ?? '' })} ({t(`role_${who.role}` as MessageKey)})
                    </span>
                    <button type="button" class="button" data-testid="sign-out" onClick={() => void signOut()}>
                        <LogOut size={20} aria-hidden="true" /> {t('signout')}
                    </button>
                </p>
            )}
        </Frame>
    );
}

void boot(Home);
