export { PXProvider, type PXProviderProps } from './px-provider.ts';
export { usePageView } from './use-page-view.ts';
export { usePX } from './use-px.ts';
