# Pages.
trusted-browsers = Trusted browsers
trusted-browsers-kept = Browsers that ask for no code
trusted-browsers-show = Show
trusted-browsers-meaning = In these browsers, a login needs only your password for a while. End that for every browser that you do not use or do not recognise.
trusted-browsers-none = You trust no browser: each login needs a code.
trusted-until = trusted until
trusted-browser-end = Ask for a code again
done-trusted-browser = That browser asks for a code again at the next login.
