// The starter's layout asks Google for two fonts while it is built. next/font takes its answers from this file where
// NEXT_FONT_GOOGLE_MOCKED_RESPONSES names it, so that the build needs no network: the fonts of the machine, by their names.
module.exports = {
  'https://fonts.googleapis.com/css2?family=Geist:wght@100..900&display=swap':
    "@font-face { font-family: 'Geist'; src: local('Arial') }",
  'https://fonts.googleapis.com/css2?family=Geist+Mono:wght@100..900&display=swap':
    "@font-face { font-family: 'Geist Mono'; src: local('Courier New') }",
};
