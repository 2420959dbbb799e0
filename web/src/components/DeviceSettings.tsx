/* SPDX-License-Identifier: MIT */
/** Language, light or dark, and what this browser can and cannot do, for this device alone. */
import { theme, chooseLanguage, type Theme } from '../device';
import { currentLanguage, LANGUAGES, type MessageKey, t } from '../i18n';
import { secure } from '../offline';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

export function DeviceSettings() {
    return (
        <fieldset class="device" data-testid="device-settings">
            <legend>{t('device_title')}</legend>
            <label class="field">
                {t('device_language')}
                <select data-testid="language" value={currentLanguage()} onChange={(event) => chooseLanguage(event.currentTarget.value)}>
                    {Object.entries(LANGUAGES).map(([tag, name]) => (
                        <option key={tag} value={tag} lang={tag}>
                            {name}
                        </option>
                    ))}
                </select>
            </label>
            <div class="segments" role="group" aria-label={t('device_theme')}>
                {THEMES.map((choice) => (
                    <button
                        key={choice}
                        type="button"
                        class="segment"
                        data-testid={`theme-${choice}`}
                        aria-pressed={theme.value === choice}
                        onClick={() => (theme.value = choice)}
                    >
                        {t(`device_theme_${choice}` as MessageKey)}
                    </button>
                ))}
            </div>
            {!secure && <p class="muted device-insecure">{t('device_insecure')}</p>}
        </fieldset>
    );
}
