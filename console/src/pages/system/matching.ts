import type { Setting } from '@/api/types'

/** The settings that have all `words` in their name or meaning; unless `all`, those that are set. */
export function matching(settings: Setting[], words: string, all: boolean): Setting[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return settings.filter((setting) => {
    if (!all && setting.source !== 'environment') return false
    const text = `${setting.name} ${setting.meaning} ${setting.meaning_zh}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}
