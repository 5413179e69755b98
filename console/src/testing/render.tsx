/** Components as they stand in the console: with texts, queries, notices and tooltips around. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactElement } from 'react'
import { startI18n } from '@/i18n'
import { ToastProvider } from '@/ui/toast'
import { TooltipProvider } from '@/ui/tooltip'

export async function show(element: ReactElement): Promise<QueryClient> {
  await startI18n('en')
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <ToastProvider>{element}</ToastProvider>
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return queries
}
