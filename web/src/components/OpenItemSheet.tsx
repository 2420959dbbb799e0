/* SPDX-License-Identifier: MIT */
/** Something that is not on the menu: its name, its price, and who makes it. */
import { useState } from 'preact/hooks';
import { currency, restaurant } from '../app';
import type { OpenItem } from '../cart';
import { t } from '../i18n';
import { parseMoney } from '../money';
import { Sheet } from './Sheet';

export function OpenItemSheet({ onDone, onClose }: { onDone: (item: OpenItem) => void; onClose: () => void }) {
    const stations = restaurant.value?.stations ?? [];
    const [name, setName] = useState('');
    const [price, setPrice] = useState('');
    const [station, setStation] = useState(stations[0]?.name ?? '');
    const minor = parseMoney(price, currency.value);
    const ready = name.trim() !== '' && minor !== null && station !== '';
    return (
        <Sheet
            title={t('open_title')}
            testid="open-item"
            onClose={onClose}
            foot={
                <button type="submit" form="open-item" class="button primary wide" data-testid="open-done" disabled={!ready}>
                    {t('open_add')}
                </button>
            }
        >
            <form
                id="open-item"
                class="open-form"
                onSubmit={(event) => {
                    event.preventDefault();
                    if (ready) onDone({ name: name.trim(), price: minor, station, quantity: 1 });
                }}
            >
                <label class="field">
                    {t('open_name')}
                    <input data-testid="open-name" maxLength={80} value={name} onInput={(event) => setName(event.currentTarget.value)} />
                </label>
                <label class="field">
                    {t('open_price', { currency: currency.value })}
                    <input data-testid="open-price" inputMode="decimal" value={price} aria-invalid={price !== '' && minor === null} onInput={(event) => setPrice(event.currentTarget.value)} />
                </label>
                {price !== '' && minor === null && <p class="error-text">{t('open_price_wrong')}</p>}
                <fieldset class="group">
                    <legend>{t('open_station')}</legend>
                    {stations.map((each) => (
                        <label key={each.name} class="option">
                            <input type="radio" name="station" data-testid={`open-station-${each.name}`} checked={station === each.name} onChange={() => setStation(each.name)} />
                            <span>{each.name}</span>
                        </label>
                    ))}
                </fieldset>
            </form>
        </Sheet>
    );
}
