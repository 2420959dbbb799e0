/* SPDX-License-Identifier: MIT */
/** Who are you, then the PIN. */
import { ChevronLeft, CornerDownLeft, Delete } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, explain, signedIn } from '../app';
import { ApiError } from '../api';
import { t } from '../i18n';
import { Skeleton } from './Frame';

interface Person {
    id: number;
    name: string;
}

export function SignIn({ again }: { again: boolean }) {
    const [people, setPeople] = useState<Person[] | null>(null);
    const [error, setError] = useState('');
    const [who, setWho] = useState<Person | null>(null);
    const load = () => {
        setError('');
        api.staffNames().then(
            (answer) => setPeople(answer.staff),
            (problem: unknown) => setError(explain(problem)),
        );
    };
    useEffect(load, []);
    return (
        <section class="signin" role="dialog" aria-modal="true" aria-labelledby="signin-title" data-testid="sign-in">
            <h2 id="signin-title">{again ? t('signin_again') : t('signin_title')}</h2>
            {again && <p class="muted">{t('signin_again_why')}</p>}
            {error && (
                <div role="alert">
                    <p class="error-text">{error}</p>
                    <button type="button" class="button" onClick={load}>
                        {t('retry')}
                    </button>
                </div>
            )}
            {!who && !people && !error && <Skeleton count={4} />}
            {!who && people && people.length === 0 && <p class="empty">{t('signin_none')}</p>}
            {!who && people && (
                <ul class="people">
                    {people.map((person) => (
                        <li key={person.id}>
                            <button type="button" class="button person" data-testid={`staff-${person.id}`} onClick={() => setWho(person)}>
                                {person.name}
                            </button>
                        </li>
                    ))}
                </ul>
            )}
            {who && <PinPad who={who} onBack={() => setWho(null)} />}
        </section>
    );
}

function wrongPin(error: unknown): string {
    if (error instanceof ApiError && error.status === 429) return t('signin_slow', { n: error.retryAfterS ?? 30 });
    if (error instanceof ApiError && error.status === 401) return t('signin_wrong');
    return explain(error);
}

function PinPad({ who, onBack }: { who: Person; onBack: () => void }) {
    const [pin, setPin] = useState('');
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState('');
    const field = useRef<HTMLInputElement>(null);
    useEffect(() => field.current?.focus(), []);
    const submit = async (event: Event) => {
        event.preventDefault();
        if (busy || pin === '') return;
        setBusy(true);
        try {
            await signedIn(await api.signIn(who.id, pin));
        } catch (problem) {
            setError(wrongPin(problem));
            setPin('');
            field.current?.focus();
        } finally {
            setBusy(false);
        }
    };
    const add = (digit: string) => setPin((old) => (old + digit).slice(0, 12));
    return (
        <form class="pin" onSubmit={submit}>
            <label for="pin">{t('signin_pin', { name: who.name })}</label>
            <input
                id="pin"
                ref={field}
                data-testid="pin-input"
                type="password"
                inputMode="none"
                autocomplete="off"
                maxLength={12}
                value={pin}
                aria-describedby="pin-error"
                onInput={(event) => setPin(event.currentTarget.value.replace(/\D/g, ''))}
            />
            <p id="pin-error" class="error-text" role="alert">
                {error}
            </p>
            <div class="digits">
                {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
                    <Digit key={digit} digit={digit} onPress={add} />
                ))}
                <button type="button" class="button digit" aria-label={t('signin_delete')} onClick={() => setPin(pin.slice(0, -1))}>
                    <Delete size={26} aria-hidden="true" />
                </button>
                <Digit digit="0" onPress={add} />
                <button type="submit" class="button primary digit" data-testid="pin-submit" disabled={busy || pin === ''} aria-label={t('signin_go')}>
                    <CornerDownLeft size={26} aria-hidden="true" />
                </button>
            </div>
            <button type="button" class="button quiet" onClick={onBack}>
                <ChevronLeft size={20} aria-hidden="true" /> {t('signin_back')}
            </button>
        </form>
    );
}

function Digit({ digit, onPress }: { digit: string; onPress: (digit: string) => void }) {
    return (
        <button type="button" class="button digit num" data-testid={`pin-${digit}`} aria-label={t('signin_digit', { n: digit })} onClick={() => onPress(digit)}>
            {digit}
        </button>
    );
}
