/* SPDX-License-Identifier: MIT */
import { ChefHat, LogOut, Receipt, ScrollText } from 'lucide-preact';
import { base, restaurant, session, signOut } from '../app';
import { boot } from '../boot';
import { Frame, Skeleton } from '../components/Frame';
import { type MessageKey, t } from '../i18n';
import '../styles/home.css';

const LINKS = [
    { path: 'order', icon: Receipt, key: 'nav_order' },
    { path: 'kitchen', icon: ChefHat, key: 'nav_kitchen' },
    { path: 'strip', icon: ScrollText, key: 'nav_strip' },
] as const;

function Home() {
    const who = session.value;
    return (
        <Frame title={restaurant.value?.name ?? t('app')} home={false}>
            {who === 'unknown' && <Skeleton count={3} />}
            {who !== 'unknown' && (
                <nav class="doors">
                    {LINKS.map(({ path, icon: Icon, key }) => (
                        <a key={path} class="door" href={`${base.prefix}/${path}`} data-testid={`link-${path}`}>
                            <Icon size={36} aria-hidden="true" />
                            <span class="door-name">{t(key)}</span>
                            <span class="muted">{t(`${key}_what` as MessageKey)}</span>
                        </a>
                    ))}
                </nav>
            )}
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

boot(Home);
