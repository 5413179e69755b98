/**
 * Languages of the console. Texts lie in `locales/*.json`; a key that one language lacks fails the
 * tests, and so does a text written into a component.
 */
import i18next, { type TFunction } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '@/api/types'
import { chunk } from '@/app/chunk'
import { recall, remember } from '@/app/memory'
import type en from './locales/en.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
    strictKeyChecks: true
  }
}

/** Each language by its own name, which is how a menu must show it. */
export const LANGUAGES: Record<Language, string> = { en: 'English', zh: '中文' }

const LOADERS: Record<Language, () => Promise<{ default: object }>> = {
  en: chunk(() => import('./locales/en.json')),
  zh: chunk(() => import('./locales/zh.json')),
}

export function isLanguage(value: string | null | undefined): value is Language {
  return value === 'en' || value === 'zh'
}

/** The language that was chosen here, or else the browser's first one that we speak. */
export function preferredLanguage(
  stored: string | null = recall('language'),
  browser: readonly string[] = navigator.languages,
): Language {
  if (isLanguage(stored)) return stored
  for (const tag of browser) {
    const base = tag.split('-')[0]
    if (isLanguage(base)) return base
  }
  return 'en'
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return
  i18next.addResourceBundle(language, 'translation', (await LOADERS[language]()).default)
}

/** Prepare the texts of one language; others are fetched when they are chosen. */
export async function startI18n(language: Language = preferredLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    partialBundledLanguages: true,
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  await load(language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = htmlLang(language)
}

/** Speak `language` from now on, also after a reload. */
export async function setLanguage(language: Language): Promise<void> {
  await load(language)
  remember('language', language)
  document.documentElement.lang = htmlLang(language)
  await i18next.changeLanguage(language)
}

function htmlLang(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en'
}

/** The text of a key made at run time (an error code, a role), or `null` if there is none. */
export function optionalText(t: TFunction, key: string): string | null {
  const text = t(key as 'common.copy', { defaultValue: '' })
  return text || null
}
