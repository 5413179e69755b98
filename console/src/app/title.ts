import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** Name the document after the page, so that tabs and screen readers tell where one is. */
export function useTitle(title: string): void {
  const { t } = useTranslation()
  const product = t('common.product')
  useEffect(() => {
    document.title = `${title} · ${product}`
  }, [title, product])
}
