"""The categories of an account that has not made its own: well-known apps and sites.

Apps are named as agents name them: by package on phones, by program on desktops. The order
matters where two could fit: what is narrow comes first.
"""

from domain.categories import Category


def _category(name: str, apps: str, sites: str) -> Category:
    """From lists with commas, which are easier on the eye than tuples of so many texts."""
    return Category(name, _split(apps), _split(sites))


def _split(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split(","))


DEFAULT_CATEGORIES: tuple[Category, ...] = (
    _category(
        "adult",
        """
        *pornhub*, *xvideos*, *onlyfans*, com.grindrapp.android, com.tinder
        """,
        """
        pornhub.com, xvideos.com, xnxx.com, xhamster.com, redtube.com, youporn.com,
        onlyfans.com, chaturbate.com, stripchat.com, tinder.com, grindr.com
        """,
    ),
    _category(
        "gambling",
        """
        *bet365*, *pokerstars*, *casino*, *betting*, *bwin*
        """,
        """
        bet365.com, pokerstars.com, bwin.com, unibet.com, 888casino.com, stake.com
        """,
    ),
    _category(
        "learning",
        """
        com.duolingo, org.khanacademy.*, com.google.android.apps.classroom, com.quizlet.*,
        com.ichi2.anki, anki*, com.microblink.photomath, com.moodle.*, *geogebra*,
        org.scratch*, scratch*, *kahoot*, *dictionary*
        """,
        """
        classroom.google.com, scholar.google.com, duolingo.com, khanacademy.org, quizlet.com,
        coursera.org, edx.org, udemy.com, wikipedia.org, wiktionary.org, wikibooks.org,
        scratch.mit.edu, geogebra.org, kahoot.com, kahoot.it, moodle.org, wolframalpha.com,
        britannica.com, instructure.com, stackoverflow.com
        """,
    ),
    _category(
        "music",
        """
        com.spotify.*, spotify*, com.google.android.apps.youtube.music, com.apple.music,
        com.apple.android.music, deezer*, com.soundcloud.*, com.amazon.mp3, *tidal*,
        com.apple.podcasts, *audible*
        """,
        """
        music.youtube.com, music.apple.com, music.amazon.com, podcasts.apple.com, spotify.com,
        soundcloud.com, deezer.com, tidal.com, bandcamp.com, last.fm, audible.com
        """,
    ),
    _category(
        "video",
        """
        com.google.android.youtube, com.google.ios.youtube,
        com.google.android.apps.youtube.kids, youtube*, com.netflix.*, netflix*,
        com.disney.disneyplus*, disney+, com.amazon.avod.*, prime video, tv.twitch.*, twitch*,
        com.hbo.*, *plex*app*, org.videolan.vlc*, vlc*, mpv, com.dailymotion.*,
        com.zhiliaoapp.musically*, com.ss.android.ugc.trill, tiktok*
        """,
        """
        youtube.com, youtu.be, youtubekids.com, netflix.com, disneyplus.com, primevideo.com,
        twitch.tv, vimeo.com, dailymotion.com, max.com, hulu.com, tv.apple.com, bilibili.com,
        tiktok.com
        """,
    ),
    _category(
        "games",
        """
        com.mojang.*, minecraft*, com.roblox.*, roblox*, com.supercell.*, com.king.*,
        com.epicgames.*, fortnite*, epicgameslauncher*, com.riotgames.*, leagueclient*, league
        of legends*, valorant*, com.nianticlabs.*, com.mobile.legends, com.innersloth.*,
        com.valvesoftware.*, steam, steam.exe, steamwebhelper*, com.ea.gp.*, com.activision.*,
        com.rovio.*, com.outfit7.*, *solitaire*, *chess*, *sudoku*
        """,
        """
        roblox.com, minecraft.net, steampowered.com, steamcommunity.com, epicgames.com,
        fortnite.com, leagueoflegends.com, chess.com, lichess.org, poki.com, friv.com,
        crazygames.com, miniclip.com, itch.io, xbox.com, playstation.com, nintendo.com,
        coolmathgames.com
        """,
    ),
    _category(
        "messaging",
        """
        com.whatsapp*, whatsapp*, org.telegram.*, telegram*, org.thoughtcrime.securesms,
        signal, signal.exe, signal-desktop, com.facebook.orca, messenger*, com.viber.*,
        viber*, com.discord, discord*, com.skype.*, skype*, jp.naver.line.android,
        com.tencent.mm, wechat*, com.google.android.apps.messaging, com.apple.mobilesms,
        com.samsung.android.messaging, ch.threema.app, im.vector.app, messages
        """,
        """
        web.whatsapp.com, whatsapp.com, web.telegram.org, telegram.org, t.me, messenger.com,
        discord.com, discord.gg, signal.org, viber.com, messages.google.com, wechat.com,
        line.me, element.io
        """,
    ),
    _category(
        "social",
        """
        com.instagram.*, instagram*, com.facebook.katana, com.facebook.lite, facebook*,
        com.snapchat.*, snapchat*, com.twitter.*, com.reddit.*, com.pinterest*, com.tumblr,
        com.bereal.ft, org.joinmastodon.*, xyz.blueskyweb.app, com.linkedin.android,
        com.vkontakte.android
        """,
        """
        instagram.com, facebook.com, fb.com, snapchat.com, twitter.com, x.com, threads.net,
        threads.com, reddit.com, pinterest.com, tumblr.com, bsky.app, mastodon.social,
        linkedin.com, vk.com
        """,
    ),
    _category(
        "shopping",
        """
        com.amazon.mshop.*, com.ebay.*, com.alibaba.*, com.zzkko, com.einnovation.temu,
        com.contextlogic.wish, com.etsy.*, de.zalando.*, com.ikea.*, com.vinted.*, fr.vinted
        """,
        """
        amazon.com, amazon.co.uk, amazon.de, amazon.fr, amazon.it, amazon.es, ebay.com,
        ebay.co.uk, ebay.de, aliexpress.com, temu.com, shein.com, etsy.com, zalando.com,
        zalando.de, ikea.com, vinted.com, walmart.com
        """,
    ),
    _category(
        "news",
        """
        com.google.android.apps.magazines, com.apple.news, com.nytimes.*, com.guardian,
        bbc.mobile.news.*, com.cnn.*, flipboard.app
        """,
        """
        news.google.com, bbc.co.uk, bbc.com, cnn.com, nytimes.com, theguardian.com,
        reuters.com, apnews.com, washingtonpost.com, spiegel.de, tagesschau.de, lemonde.fr,
        elpais.com, rtvslo.si
        """,
    ),
    _category(
        "work",
        """
        com.microsoft.office.*, com.microsoft.teams*, *teams.exe, ms-teams*, winword*, excel*,
        powerpnt*, outlook*, onenote*, microsoft word, microsoft excel, microsoft powerpoint,
        microsoft outlook, microsoft teams, com.slack*, slack*, us.zoom.*, zoom*,
        com.google.android.apps.docs*, com.google.android.gm, com.google.android.calendar,
        libreoffice*, soffice*, code, code.exe, code-oss, visual studio code, *intellij*,
        pycharm*, idea64*, com.atlassian.*, thunderbird*, mail, com.notion.id, notion*
        """,
        """
        docs.google.com, drive.google.com, mail.google.com, calendar.google.com,
        meet.google.com, office.com, outlook.com, outlook.office.com, office365.com,
        sharepoint.com, teams.microsoft.com, slack.com, zoom.us, github.com, gitlab.com,
        atlassian.com, atlassian.net, notion.so, trello.com, figma.com
        """,
    ),
    _category(
        "travel",
        """
        com.google.android.apps.maps, com.apple.maps, com.waze, com.ubercab*, com.booking,
        com.airbnb.*, de.hafas.*, *osmand*
        """,
        """
        maps.google.com, booking.com, airbnb.com, tripadvisor.com, uber.com,
        openstreetmap.org, waze.com
        """,
    ),
)
