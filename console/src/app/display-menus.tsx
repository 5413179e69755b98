import { Languages, Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { isLanguage, LANGUAGES, setLanguage } from '@/i18n'
import { Button } from '@/ui/button'
import { Menu } from '@/ui/menu'
import { setTheme, THEMES, type Theme, useTheme } from './theme'

export const THEME_ICONS = { light: Sun, dark: Moon, system: Monitor } as const

export function LanguageMenu() {
  const { t, i18n } = useTranslation()
  return (
    <Menu.Root>
      <Menu.Trigger asChild>
        <Button tone="ghost" size="icon" aria-label={t('shell.language')}>
          <Languages aria-hidden />
        </Button>
      </Menu.Trigger>
      <Menu.Content align="end">
        <Menu.RadioGroup
          value={i18n.language}
          onValueChange={(language) => {
            if (isLanguage(language)) setLanguage(language)
          }}
        >
          {Object.entries(LANGUAGES).map(([language, name]) => (
            <Menu.RadioItem key={language} value={language} lang={language}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Content>
    </Menu.Root>
  )
}

export function ThemeMenu() {
  const { t } = useTranslation()
  const theme = useTheme()
  const Icon = THEME_ICONS[theme]
  return (
    <Menu.Root>
      <Menu.Trigger asChild>
        <Button tone="ghost" size="icon" aria-label={t('shell.theme')}>
          <Icon aria-hidden />
        </Button>
      </Menu.Trigger>
      <Menu.Content align="end">
        <Menu.RadioGroup value={theme} onValueChange={(next) => setTheme(next as Theme)}>
          {THEMES.map((one) => {
            const OneIcon = THEME_ICONS[one]
            return (
              <Menu.RadioItem key={one} value={one}>
                <OneIcon aria-hidden />
                {t(`theme.${one}`)}
              </Menu.RadioItem>
            )
          })}
        </Menu.RadioGroup>
      </Menu.Content>
    </Menu.Root>
  )
}
