<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>HistoryExport</name>
    <message>
        <location filename="../../tray/history/historyexport.cpp" line="+60"/>
        <source>Machine suspended</source>
        <translation>Rechner im Standby</translation>
    </message>
    <message>
        <location line="+73"/>
        <source>Dormouse: %1</source>
        <comment>heading of a picture</comment>
        <translation>Dormouse: %1</translation>
    </message>
</context>
<context>
    <name>HistoryText</name>
    <message>
        <location filename="../../tray/history/historytext.cpp" line="+50"/>
        <source>machine suspended for %1</source>
        <translation>Rechner %1 im Standby</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>Not running</source>
        <translation>Läuft nicht</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Awake</source>
        <translation>Wach</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Drowsy</source>
        <translation>Schläfrig</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Asleep</source>
        <translation>Schläft</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Hibernating</source>
        <translation>Winterschlaf</translation>
    </message>
    <message>
        <location line="+10"/>
        <location line="+2"/>
        <source>%1 s</source>
        <comment>duration</comment>
        <translation>%1 s</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>%1 min</source>
        <comment>duration</comment>
        <translation>%1 min</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>%1 h</source>
        <comment>duration</comment>
        <translation>%1 h</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 h %2 min</source>
        <comment>duration</comment>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>%1 d</source>
        <comment>duration</comment>
        <translation>%1 d</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 d %2 h</source>
        <comment>duration</comment>
        <translation>%1 d %2 h</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>&lt; %1 %</source>
        <comment>percent</comment>
        <translation>&lt; %1 %</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 %</source>
        <comment>percent</comment>
        <translation>%1 %</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>%1 MB·h</source>
        <comment>memory × time</comment>
        <translation>%1 MB·h</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 GB·h</source>
        <comment>memory × time</comment>
        <translation>%1 GB·h</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>a wrapper was used</source>
        <translation>ein Client wurde benutzt</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>nobody used it for a while</source>
        <translation>eine Weile nicht benutzt</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>nobody used it for long</source>
        <translation>lange nicht benutzt</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>it was free to sleep</source>
        <translation>Schlaf war möglich</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>somebody asked for it</source>
        <translation>es wurde angefordert</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>maintenance was done</source>
        <translation>die Wartung war fertig</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>nobody came back in time</source>
        <translation>niemand kam rechtzeitig zurück</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>the wake signal was given</source>
        <translation>das Wecksignal kam</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>its time had come</source>
        <translation>die Zeit war gekommen</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>ddd d MMM</source>
        <comment>date format of a day&apos;s row</comment>
        <translation>ddd d. MMM</translation>
    </message>
    <message>
        <location line="+8"/>
        <location line="+3"/>
        <source>%1, %2</source>
        <comment>day, time</comment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 – %2</source>
        <comment>from, to</comment>
        <translation>%1 – %2</translation>
    </message>
    <message numerus="yes">
        <location line="+13"/>
        <source>and %n shorter here</source>
        <translation>
            <numerusform>und %n kürzerer hier</numerusform>
            <numerusform>und %n kürzere hier</numerusform>
        </translation>
    </message>
    <message>
        <location line="+12"/>
        <source>no service was waited for</source>
        <translation>auf keinen Dienst gewartet</translation>
    </message>
    <message numerus="yes">
        <location line="+1"/>
        <source>median of %n; slowest %1</source>
        <translation>
            <numerusform>Median aus %n; am langsamsten: %1</numerusform>
            <numerusform>Median aus %n; am langsamsten: %1</numerusform>
        </translation>
    </message>
    <message>
        <location line="+5"/>
        <source>Nothing has been recorded for this time.
Once Dormouse has run for a while, its days and nights appear here.</source>
        <translation>Für diese Zeit ist nichts aufgezeichnet.
Sobald Dormouse eine Weile gelaufen ist, erscheinen hier seine Tage und Nächte.</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <location filename="../../tray/model/digesttext.cpp" line="+35"/>
        <source>Sleep cycles completed</source>
        <translation>Abgeschlossene Schlafzyklen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Episodes processed</source>
        <translation>Verarbeitete Episoden</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Schemas induced</source>
        <translation>Gebildete Schemata</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Time taken</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Memory freed</source>
        <translation>Freigegebener Speicher</translation>
    </message>
    <message>
        <location line="+64"/>
        <source>%1: %2</source>
        <comment>counter, value</comment>
        <translation>%1: %2</translation>
    </message>
    <message numerus="yes">
        <location line="+3"/>
        <source>and %Ln more…</source>
        <translation>
            <numerusform>und %Ln weiterer&#xa0;…</numerusform>
            <numerusform>und %Ln weitere&#xa0;…</numerusform>
        </translation>
    </message>
    <message>
        <location line="+4"/>
        <source>While everybody slept</source>
        <translation>Während alle schliefen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Maintenance ran; there was nothing to do.</source>
        <translation>Die Wartung lief; es war nichts zu tun.</translation>
    </message>
    <message>
        <location filename="../../tray/model/notice.cpp" line="+52"/>
        <source>The service %1 needs attention</source>
        <translation>Der Dienst %1 braucht Aufmerksamkeit</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>dormouse.toml has an error</source>
        <translation>dormouse.toml enthält einen Fehler</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Maintenance is suspended</source>
        <translation>Die Wartung ist ausgesetzt</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Maintenance has not been completed for long</source>
        <translation>Die Wartung ist lange nicht fertig geworden</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>dormouse.toml brought new commands</source>
        <translation>dormouse.toml enthält neue Befehle</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Dormouse needs attention</source>
        <translation>Dormouse braucht Aufmerksamkeit</translation>
    </message>
    <message>
        <location line="+14"/>
        <source>No sleep cycle until %1: %2</source>
        <comment>time, reason</comment>
        <translation>Kein Schlafzyklus bis %1: %2</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>No sleep cycle for now: %1</source>
        <comment>reason</comment>
        <translation>Vorerst kein Schlafzyklus: %1</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>The agent reports an error</source>
        <translation>Der Agent meldet einen Fehler</translation>
    </message>
</context>
<context>
    <name>TrayView</name>
    <message>
        <location filename="../../tray/model/causes.cpp" line="+21"/>
        <source>No sleep cycle until %1: %2</source>
        <comment>time, reason</comment>
        <translation>Kein Schlafzyklus bis %1: %2</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>No sleep cycle for now: %1</source>
        <comment>reason</comment>
        <translation>Vorerst kein Schlafzyklus: %1</translation>
    </message>
    <message>
        <location line="+16"/>
        <location filename="../../tray/model/headline.cpp" line="+176"/>
        <source>Wake Now failed: %1</source>
        <translation>Wecken fehlgeschlagen: %1</translation>
    </message>
    <message>
        <location filename="../../tray/model/headline.cpp" line="-155"/>
        <source>%1 since %2</source>
        <comment>state, time</comment>
        <translation>%1 seit %2</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>wakes at %1</source>
        <translation>wach ab %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>gets drowsy at %1</source>
        <translation>schläfrig ab %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>sleeps at %1</source>
        <translation>Schlaf ab %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>hibernates at %1</source>
        <translation>Winterschlaf ab %1</translation>
    </message>
    <message>
        <location line="+12"/>
        <source>%1 (due)</source>
        <comment>what comes next</comment>
        <translation>%1 (fällig)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 (in %2)</source>
        <comment>what comes next, time until then</comment>
        <translation>%1 (in %2)</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>kept awake %1</source>
        <comment>until 16:10, until turned off</comment>
        <translation>wach gehalten %1</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>maintenance runs: %1</source>
        <translation>Wartung läuft: %1</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>%1 freed</source>
        <translation>%1 freigegeben</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>shadow run: nothing is really stopped</source>
        <translation>Schattenlauf: nichts wird wirklich gestoppt</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>1 wrapper</source>
        <translation>1 Client</translation>
    </message>
    <message numerus="yes">
        <location line="+0"/>
        <source>%Ln wrappers</source>
        <translation>
            <numerusform>%Ln Client</numerusform>
            <numerusform>%Ln Clients</numerusform>
        </translation>
    </message>
    <message>
        <location line="+7"/>
        <source>1 lease</source>
        <translation>1 Lease</translation>
    </message>
    <message numerus="yes">
        <location line="+0"/>
        <source>%Ln leases</source>
        <translation>
            <numerusform>%Ln Lease</numerusform>
            <numerusform>%Ln Leases</numerusform>
        </translation>
    </message>
    <message>
        <location line="+7"/>
        <source>1 thing needs attention</source>
        <translation>1 Hinweis zu beachten</translation>
    </message>
    <message numerus="yes">
        <location line="+1"/>
        <source>%Ln things need attention</source>
        <translation>
            <numerusform>%Ln Hinweis zu beachten</numerusform>
            <numerusform>%Ln Hinweise zu beachten</numerusform>
        </translation>
    </message>
    <message>
        <location line="+12"/>
        <source>waking…</source>
        <translation>wird geweckt&#xa0;…</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Wake Now starts it</source>
        <translation>„Jetzt wecken“ startet ihn</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>no agent is running</source>
        <translation>kein Agent läuft</translation>
    </message>
    <message>
        <location line="-3"/>
        <location line="+4"/>
        <source>No agent is running</source>
        <translation>Kein Agent läuft</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>last known: %1</source>
        <comment>state</comment>
        <translation>zuletzt bekannt: %1</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>The agent does not answer</source>
        <translation>Der Agent antwortet nicht</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>The agent does not answer (last known: %1)</source>
        <comment>state</comment>
        <translation>Der Agent antwortet nicht (zuletzt bekannt: %1)</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>What answers is no agent that can be understood</source>
        <translation>Was antwortet, ist kein verständlicher Agent</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Awake for %1</source>
        <translation>Wach seit %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Drowsy for %1</source>
        <translation>Schläfrig seit %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Asleep for %1</source>
        <translation>Schläft seit %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Hibernating for %1</source>
        <translation>Im Winterschlaf seit %1</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>until %1</source>
        <comment>time</comment>
        <translation>bis %1</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>until turned off</source>
        <translation>bis auf Widerruf</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>Looking for the agent…</source>
        <translation>Der Agent wird gesucht&#xa0;…</translation>
    </message>
    <message numerus="yes">
        <location filename="../../tray/model/menuentries.cpp" line="+179"/>
        <source>and %Ln more…</source>
        <translation>
            <numerusform>und %Ln weiterer&#xa0;…</numerusform>
            <numerusform>und %Ln weitere&#xa0;…</numerusform>
        </translation>
    </message>
    <message>
        <location line="+23"/>
        <source>The agent does not answer.</source>
        <translation>Der Agent antwortet nicht.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>No agent is running. Wake Now starts it.</source>
        <translation>Kein Agent läuft. „Jetzt wecken“ startet ihn.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>What answers is no agent that can be understood.</source>
        <translation>Was antwortet, ist kein verständlicher Agent.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>The agent is still being looked for.</source>
        <translation>Der Agent wird noch gesucht.</translation>
    </message>
    <message>
        <location filename="../../tray/model/menuprogram.cpp" line="+17"/>
        <source>It runs now: %1</source>
        <comment>step</comment>
        <translation>Läuft gerade: %1</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Run &amp;Maintenance Now</source>
        <translation>Wartung &amp;jetzt ausführen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Runs a sleep cycle now; the state stays what it is.</source>
        <translation>Führt jetzt einen Schlafzyklus aus; der Zustand bleibt, wie er ist.</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Start at Lo&amp;gin</source>
        <translation>Bei der &amp;Anmeldung starten</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Whether this tray starts with your session.</source>
        <translation>Ob dieses Symbol mit der Sitzung startet.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>This cannot be set here.</source>
        <translation>Das lässt sich hier nicht einstellen.</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>O&amp;verview…</source>
        <translation>Übersich&amp;t&#xa0;…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>All of this in a window.</source>
        <translation>All das in einem Fenster.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;History…</source>
        <translation>&amp;Verlauf&#xa0;…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Last &amp;Digest…</source>
        <translation>&amp;Letzte Zusammenfassung&#xa0;…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>What maintenance did while everybody slept.</source>
        <translation>Was die Wartung getan hat, während alle schliefen.</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Reset Quara&amp;ntine</source>
        <translation>&amp;Quarantäne aufheben</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Ends the quarantine, and forgets the failures.</source>
        <translation>Beendet die Quarantäne und vergisst die Fehlschläge.</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Se&amp;ttings…</source>
        <translation>&amp;Einstellungen&#xa0;…</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>There is no dormouse.toml yet. Set Up makes one.</source>
        <translation>Es gibt noch keine dormouse.toml. „Einrichten“ legt eine an.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open &amp;Configuration</source>
        <translation>&amp;Konfiguration öffnen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open &amp;Logs</source>
        <translation>&amp;Protokolle öffnen</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>S&amp;et Up…</source>
        <translation>Ein&amp;richten&#xa0;…</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;About Dormouse</source>
        <translation>Ü&amp;ber Dormouse</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Quit Tray</source>
        <translation>Symbol bee&amp;nden</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The agent goes on without it.</source>
        <translation>Der Agent läuft ohne das Symbol weiter.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Quit and St&amp;op Agent</source>
        <translation>Beenden und A&amp;genten stoppen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Stops the agent and its services, too.</source>
        <translation>Stoppt auch den Agenten und seine Dienste.</translation>
    </message>
    <message>
        <location filename="../../tray/model/menuservices.cpp" line="+28"/>
        <source>stopped</source>
        <comment>service</comment>
        <translation>gestoppt</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>starting</source>
        <comment>service</comment>
        <translation>startet</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>ready</source>
        <comment>service</comment>
        <translation>bereit</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>stopping</source>
        <comment>service</comment>
        <translation>wird gestoppt</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>failed</source>
        <comment>service</comment>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>left alone</source>
        <comment>service</comment>
        <translation>in Ruhe gelassen</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>It runs already.</source>
        <translation>Er läuft schon.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>It starts already.</source>
        <translation>Er startet schon.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>It is stopped already.</source>
        <translation>Er ist schon gestoppt.</translation>
    </message>
    <message>
        <location line="+1"/>
        <location line="+7"/>
        <location line="+4"/>
        <source>It does not run; Start starts it.</source>
        <translation>Er läuft nicht; „Starten“ startet ihn.</translation>
    </message>
    <message>
        <location line="-8"/>
        <source>It is being stopped already.</source>
        <translation>Er wird schon gestoppt.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>It is being stopped; Start starts it again.</source>
        <translation>Er wird gerade gestoppt; „Starten“ startet ihn wieder.</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>It is left alone already.</source>
        <translation>Er wird schon in Ruhe gelassen.</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>Started again once after it had died</source>
        <translation>Nach unerwartetem Ende einmal neu gestartet</translation>
    </message>
    <message numerus="yes">
        <location line="+1"/>
        <source>Started again %Ln times after it had died</source>
        <translation>
            <numerusform>Nach unerwartetem Ende %Ln-mal neu gestartet</numerusform>
            <numerusform>Nach unerwartetem Ende %Ln-mal neu gestartet</numerusform>
        </translation>
    </message>
    <message>
        <location line="+7"/>
        <location filename="../../tray/model/menuwrappers.cpp" line="+66"/>
        <source>Process %1</source>
        <translation>Prozess %1</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>was ready in %1</source>
        <comment>duration</comment>
        <translation>war in %1 bereit</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>&amp;Start</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Starts it now; counts as use.</source>
        <translation>Startet ihn jetzt; zählt als Benutzung.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>S&amp;top</source>
        <translation>S&amp;toppen</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>It stays stopped until the next wake.</source>
        <translation>Er bleibt bis zum nächsten Wecken gestoppt.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Restart</source>
        <translation>&amp;Neu starten</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Stops it, and starts it again.</source>
        <translation>Stoppt ihn und startet ihn wieder.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Leave Alone</source>
        <translation>In &amp;Ruhe lassen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>It is neither started nor stopped from now on, until you start or stop it by hand.</source>
        <translation>Er wird ab jetzt weder gestartet noch gestoppt, bis Sie ihn von Hand starten oder stoppen.</translation>
    </message>
    <message>
        <location line="+21"/>
        <source>Se&amp;rvices (no agent is running)</source>
        <translation>&amp;Dienste (kein Agent läuft)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Se&amp;rvices</source>
        <translation>&amp;Dienste</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>dormouse.toml has no [[service]].</source>
        <translation>dormouse.toml enthält kein [[service]].</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Se&amp;rvices (none configured)</source>
        <translation>&amp;Dienste (keine konfiguriert)</translation>
    </message>
    <message>
        <location filename="../../tray/model/menusleep.cpp" line="+23"/>
        <source>A wake is under way; the services start.</source>
        <translation>Das Wecken läuft; die Dienste starten.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Waking…</source>
        <translation>&amp;Wird geweckt&#xa0;…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Starts the services, and counts as use.</source>
        <translation>Startet die Dienste und zählt als Benutzung.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Starts the agent, and the services.</source>
        <translation>Startet den Agenten und die Dienste.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Wake Now</source>
        <translation>Jetzt &amp;wecken</translation>
    </message>
    <message numerus="yes">
        <location line="+14"/>
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln weiterer</numerusform>
            <numerusform>%Ln weitere</numerusform>
        </translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Goes to sleep now, although clients are attached.</source>
        <translation>Legt sich jetzt schlafen, obwohl Clients verbunden sind.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Leads to the end of: %1</source>
        <translation>Stoppt nach und nach: %1</translation>
    </message>
    <message>
        <location line="+11"/>
        <location line="+9"/>
        <location line="+5"/>
        <source>&amp;Sleep Now</source>
        <translation>Jetzt &amp;schlafen</translation>
    </message>
    <message>
        <location line="-13"/>
        <source>&amp;Sleep Now (the agent does not answer)</source>
        <translation>Jetzt &amp;schlafen (der Agent antwortet nicht)</translation>
    </message>
    <message>
        <location line="+3"/>
        <location line="+9"/>
        <source>&amp;Sleep Now (already hibernating)</source>
        <translation>Jetzt &amp;schlafen (schon im Winterschlaf)</translation>
    </message>
    <message>
        <location line="-9"/>
        <location line="+9"/>
        <source>It hibernates already.</source>
        <translation>Ist schon im Winterschlaf.</translation>
    </message>
    <message>
        <location line="-8"/>
        <source>&amp;Sleep Now (no agent is running)</source>
        <translation>Jetzt &amp;schlafen (kein Agent läuft)</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>&amp;Sleep Now (already asleep)</source>
        <translation>Jetzt &amp;schlafen (schläft schon)</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>It sleeps already.</source>
        <translation>Schläft schon.</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>Until then nothing goes to sleep by itself.</source>
        <translation>Bis dahin schläft nichts von selbst ein.</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Until %1 (%2 left)</source>
        <comment>time, duration</comment>
        <translation>Bis %1 (noch %2)</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Until turned off</source>
        <translation>Bis auf Widerruf</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;End Now</source>
        <translation>Jetzt &amp;beenden</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>From then on services may go to sleep again.</source>
        <translation>Danach dürfen Dienste wieder schlafen.</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>&amp;Undo Sleep</source>
        <translation>Schlaf &amp;zurücknehmen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Wakes again what has just been sent to sleep.</source>
        <translation>Weckt wieder, was gerade schlafen gelegt wurde.</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>For &amp;15 Minutes</source>
        <translation>Für &amp;15 Minuten</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>For 1 &amp;Hour</source>
        <translation>Für 1 &amp;Stunde</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>For &amp;4 Hours</source>
        <translation>Für &amp;4 Stunden</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Until &amp;Turned Off</source>
        <translation>Bis auf &amp;Widerruf</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Keep Services Awake (no agent is running)</source>
        <translation>Dienste wach &amp;halten (kein Agent läuft)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Keep Services Awake</source>
        <translation>Dienste wach &amp;halten</translation>
    </message>
    <message>
        <location filename="../../tray/model/menustate.cpp" line="+22"/>
        <location line="+35"/>
        <source>Attention: %1</source>
        <translation>Achtung: %1</translation>
    </message>
    <message>
        <location line="-28"/>
        <source>Since %1</source>
        <comment>time</comment>
        <translation>Seit %1</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>&amp;Dismiss</source>
        <translation>&amp;Ausblenden</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Takes the mark away until its cause comes again.</source>
        <translation>Entfernt die Markierung, bis ihre Ursache wieder auftritt.</translation>
    </message>
    <message>
        <location filename="../../tray/model/menuwrappers.cpp" line="-49"/>
        <source>unnamed</source>
        <comment>wrapper</comment>
        <translation>ohne Namen</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>lease held for %1</source>
        <comment>duration</comment>
        <translation>Lease seit %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>last heartbeat %1 ago</source>
        <comment>duration</comment>
        <translation>letztes Lebenszeichen vor %1</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>Ends the lease.</source>
        <translation>Beendet die Lease.</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>It no longer counts, until it is used again.</source>
        <translation>Er zählt nicht mehr, bis er wieder benutzt wird.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>It does not count as it is.</source>
        <translation>Er zählt ohnehin nicht.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Its heartbeat has no uuid, so that it cannot be named.</source>
        <translation>Sein Lebenszeichen hat keine UUID, daher lässt er sich nicht benennen.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Ignore</source>
        <translation>&amp;Ignorieren</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Counts: it keeps the services awake</source>
        <translation>Zählt: hält die Dienste wach</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Does not count</source>
        <translation>Zählt nicht</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Does not count: %1</source>
        <comment>reason</comment>
        <translation>Zählt nicht: %1</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>Leaked: the program that started it is gone</source>
        <translation>Verwaist: das Programm, das ihn gestartet hat, läuft nicht mehr</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>leaked</source>
        <comment>wrapper</comment>
        <translation>verwaist</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>counts</source>
        <comment>wrapper</comment>
        <translation>zählt</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>does not count</source>
        <comment>wrapper</comment>
        <translation>zählt nicht</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>Wra&amp;ppers (no agent is running)</source>
        <translation>&amp;Clients (kein Agent läuft)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Wra&amp;ppers</source>
        <translation>&amp;Clients</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Asking the agent…</source>
        <translation>Der Agent wird gefragt&#xa0;…</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>No wrapper is attached, and no lease is held.</source>
        <translation>Kein Client ist verbunden, und keine Lease wird gehalten.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Wra&amp;ppers (none)</source>
        <translation>&amp;Clients (keine)</translation>
    </message>
    <message>
        <location filename="../../tray/model/words.cpp" line="+80"/>
        <source>%1 %2</source>
        <comment>weekday, time</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 %2</source>
        <comment>date, time</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <location line="+0"/>
        <location line="+2"/>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>%1 d</source>
        <translation>%1 d</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 d %2 h</source>
        <translation>%1 d %2 h</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>%1 B</source>
        <translation>%1 B</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1 kB</source>
        <translation>%1 kB</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 TB</source>
        <translation>%1 TB</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1 PB</source>
        <translation>%1 PB</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 EB</source>
        <translation>%1 EB</translation>
    </message>
    <message>
        <location line="+21"/>
        <source>Awake</source>
        <translation>Wach</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Drowsy</source>
        <translation>Schläfrig</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Asleep</source>
        <translation>Schläft</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Hibernating</source>
        <translation>Winterschlaf</translation>
    </message>
</context>
<context>
    <name>dormouse::AboutWindow</name>
    <message>
        <location filename="../../tray/welcome/aboutwindow.cpp" line="+23"/>
        <source>About Dormouse</source>
        <translation>Über Dormouse</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Dormouse</source>
        <translation>Dormouse</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Lets heavy local AI services be awake only while somebody uses them.</source>
        <translation>Hält große lokale KI-Dienste nur wach, solange jemand sie benutzt.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Version:</source>
        <translation>Version:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Agent:</source>
        <translation>Agent:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Data folder:</source>
        <translation>Datenordner:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Configuration:</source>
        <translation>Konfiguration:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Qt:</source>
        <translation>Qt:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>License:</source>
        <translation>Lizenz:</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>MIT</source>
        <translation>MIT</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>© 2026 The Dormouse authors. Free software, without any warranty.</source>
        <translation>© 2026 Die Dormouse-Autoren. Freie Software, ohne jede Gewährleistung.</translation>
    </message>
    <message>
        <location line="+21"/>
        <source>not running, or of unknown version</source>
        <translation>läuft nicht oder Version unbekannt</translation>
    </message>
</context>
<context>
    <name>dormouse::AgentCommands</name>
    <message>
        <location filename="../../tray/agentcommands.cpp" line="+112"/>
        <source>The agent did not do that</source>
        <translation>Der Agent hat das nicht getan</translation>
    </message>
    <message>
        <location line="+31"/>
        <source>Put the services to sleep now?</source>
        <translation>Die Dienste jetzt schlafen legen?</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Clients are using them. These will stop, at the latest when the agent hibernates: %1.

You can take it back for 10 seconds, and Wake Now starts them again at any time.</source>
        <translation>Clients benutzen sie. Spätestens wenn der Agent in den Winterschlaf geht, werden gestoppt: %1.

Das lässt sich 10 Sekunden lang zurücknehmen, und „Jetzt wecken“ startet sie jederzeit wieder.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>&amp;Sleep Now</source>
        <translation>Jetzt &amp;schlafen</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>The agent did not go to sleep</source>
        <translation>Der Agent ist nicht schlafen gegangen</translation>
    </message>
    <message>
        <location line="+17"/>
        <source>Somebody needs the services awake</source>
        <translation>Die Dienste werden noch gebraucht</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1

Sleep all the same?</source>
        <translation>%1

Trotzdem schlafen?</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Sleep &amp;Anyway</source>
        <translation>&amp;Trotzdem schlafen</translation>
    </message>
    <message>
        <location line="+20"/>
        <source>Dormouse</source>
        <translation>Dormouse</translation>
    </message>
    <message>
        <location line="+18"/>
        <source>The agent does not stop</source>
        <translation>Der Agent stoppt nicht</translation>
    </message>
</context>
<context>
    <name>dormouse::AgentInstaller</name>
    <message>
        <location filename="../../tray/welcome/agentinstaller.cpp" line="+37"/>
        <source>dormouse install ended with %1</source>
        <translation>dormouse install endete mit %1</translation>
    </message>
</context>
<context>
    <name>dormouse::AgentLink</name>
    <message>
        <location filename="../../tray/link/agentlink.cpp" line="+112"/>
        <source>the agent&apos;s version %1 is newer than this tray (%2), which does not know its state; restart or update the tray</source>
        <translation>der Agent ist mit Version %1 neuer als dieses Symbol (%2), das seinen Zustand nicht kennt; bitte das Symbol neu starten oder aktualisieren</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>the agent is in a state that this tray (version %1) does not know</source>
        <translation>der Agent ist in einem Zustand, den dieses Symbol (Version %1) nicht kennt</translation>
    </message>
    <message>
        <location line="+74"/>
        <source>what answers on the agent&apos;s socket does not speak its protocol</source>
        <translation>was am Socket des Agenten antwortet, spricht nicht dessen Protokoll</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>the agent refuses this tray: %1</source>
        <translation>der Agent weist dieses Symbol ab: %1</translation>
    </message>
    <message>
        <location line="+41"/>
        <source>the agent (pid %1) does not answer</source>
        <translation>der Agent (PID %1) antwortet nicht</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>the agent (pid %1) does not answer: %2</source>
        <translation>der Agent (PID %1) antwortet nicht: %2</translation>
    </message>
    <message>
        <location line="+52"/>
        <source>the agent refused to wake: %1</source>
        <translation>der Agent hat das Wecken verweigert: %1</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>the agent could not be woken</source>
        <translation>der Agent ließ sich nicht wecken</translation>
    </message>
</context>
<context>
    <name>dormouse::AgentSession</name>
    <message>
        <location filename="../../tray/link/agentsession.cpp" line="+67"/>
        <source>the connection to the agent was lost</source>
        <translation>die Verbindung zum Agenten ist abgebrochen</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>no agent is connected</source>
        <translation>kein Agent ist verbunden</translation>
    </message>
    <message>
        <location line="+52"/>
        <source>no reason given</source>
        <translation>kein Grund angegeben</translation>
    </message>
</context>
<context>
    <name>dormouse::DigestWindow</name>
    <message>
        <location filename="../../tray/welcome/digestwindow.cpp" line="+40"/>
        <source>Last Digest</source>
        <translation>Letzte Zusammenfassung</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>While you were away</source>
        <translation>Während Ihrer Abwesenheit</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>What the last sleep brought</source>
        <translation>Was der letzte Schlaf gebracht hat</translation>
    </message>
    <message>
        <location line="+23"/>
        <source>Nothing to tell yet. After the first night of maintenance, what it did stands here.</source>
        <translation>Noch nichts zu berichten. Nach der ersten Nacht mit Wartung steht hier, was sie getan hat.</translation>
    </message>
</context>
<context>
    <name>dormouse::HistoryWindow</name>
    <message>
        <location filename="../../tray/history/historypage.cpp" line="+32"/>
        <source>&amp;24 hours</source>
        <translation>&amp;24 Stunden</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;7 days</source>
        <translation>&amp;7 Tage</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;30 days</source>
        <translation>&amp;30 Tage</translation>
    </message>
    <message>
        <location line="+35"/>
        <source>Key %1</source>
        <translation>Taste %1</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>Save &amp;Picture…</source>
        <translation>Als &amp;Bild speichern&#xa0;…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The strip with its legend, as PNG</source>
        <translation>Der Streifen mit Legende, als PNG</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Save &amp;Table…</source>
        <translation>Als &amp;Tabelle speichern&#xa0;…</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>A line for each stretch, as CSV</source>
        <translation>Eine Zeile je Abschnitt, als CSV</translation>
    </message>
    <message>
        <location filename="../../tray/history/historywindow.cpp" line="+70"/>
        <source>Save as picture</source>
        <translation>Als Bild speichern</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Save as table</source>
        <translation>Als Tabelle speichern</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Reading the event log… %1 %</source>
        <translation>Ereignisprotokoll wird gelesen&#xa0;… %1 %</translation>
    </message>
    <message>
        <location line="+32"/>
        <source>Reading the event log…</source>
        <translation>Ereignisprotokoll wird gelesen&#xa0;…</translation>
    </message>
    <message>
        <location line="+18"/>
        <location line="+8"/>
        <source>nothing has been read yet</source>
        <translation>es wurde noch nichts gelesen</translation>
    </message>
    <message>
        <location line="+18"/>
        <source>Saved: %1</source>
        <translation>Gespeichert: %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Not saved: %1</source>
        <translation>Nicht gespeichert: %1</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>Dormouse History</source>
        <translation>Dormouse-Verlauf</translation>
    </message>
</context>
<context>
    <name>dormouse::OfferPanel</name>
    <message>
        <location filename="../../tray/welcome/offerpanel.cpp" line="+66"/>
        <source>A first service</source>
        <translation>Ein erster Dienst</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>&amp;Look Again</source>
        <translation>&amp;Erneut suchen</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <location line="+14"/>
        <source>&amp;Service:</source>
        <translation>&amp;Dienst:</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>S&amp;top it when:</source>
        <translation>S&amp;toppen, wenn:</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Service</source>
        <translation>Dienst</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>State in which it is stopped</source>
        <translation>Zustand, in dem er gestoppt wird</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>What is added to dormouse.toml</source>
        <translation>Was in dormouse.toml ergänzt wird</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Writes the text above to the end of dormouse.toml</source>
        <translation>Schreibt den obigen Text ans Ende von dormouse.toml</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This goes to the end of %1, and nothing else there changes:</source>
        <translation>Das kommt ans Ende von %1; sonst ändert sich dort nichts:</translation>
    </message>
    <message>
        <location line="+38"/>
        <source>Looking what runs on this machine…</source>
        <translation>Es wird gesucht, was auf diesem Rechner läuft&#xa0;…</translation>
    </message>
    <message>
        <location line="+24"/>
        <source>Neither Ollama, llama-server nor the iai-mcp daemon was found here. Start one and look again, or write any other service into %1 by hand.</source>
        <translation>Weder Ollama noch llama-server noch der iai-mcp-Daemon wurde hier gefunden. Starten Sie einen davon und suchen Sie erneut, oder tragen Sie einen anderen Dienst von Hand in %1 ein.</translation>
    </message>
    <message>
        <location line="+17"/>
        <source>Drowsy – after %1 without anybody</source>
        <translation>Schläfrig – nach %1 ohne Benutzung</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Asleep – after %1</source>
        <translation>Schläft – nach %1</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Hibernating – once maintenance is done, after %1 at the latest</source>
        <translation>Winterschlaf – nach der Wartung, spätestens nach %1</translation>
    </message>
    <message>
        <location line="+49"/>
        <source>This service is in dormouse.toml already.</source>
        <translation>Dieser Dienst steht schon in dormouse.toml.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>It cannot be added: %1</source>
        <translation>Er lässt sich nicht hinzufügen: %1</translation>
    </message>
    <message>
        <location line="+12"/>
        <source>dormouse.toml was changed meanwhile. Look at the text once more, then add it.</source>
        <translation>dormouse.toml wurde inzwischen geändert. Bitte den Text noch einmal prüfen und dann hinzufügen.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>It could not be written: %1</source>
        <translation>Konnte nicht geschrieben werden: %1</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Added. The agent starts and stops it from now on.</source>
        <translation>Hinzugefügt. Der Agent startet und stoppt ihn ab jetzt.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Added, but: %1</source>
        <translation>Hinzugefügt, aber: %1</translation>
    </message>
    <message>
        <location filename="../../tray/welcome/offertexts.cpp" line="+14"/>
        <source>Ollama</source>
        <translation>Ollama</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>llama-server</source>
        <translation>llama-server</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The iai-mcp daemon</source>
        <translation>Der iai-mcp-Daemon</translation>
    </message>
    <message>
        <location line="+13"/>
        <source>%1 – user unit %2, running</source>
        <translation>%1 – Benutzer-Unit %2, läuft</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1 – user unit %2, not running</source>
        <translation>%1 – Benutzer-Unit %2, läuft nicht</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>%1 – launch agent %2, running</source>
        <translation>%1 – Launch Agent %2, läuft</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1 – launch agent %2, not running</source>
        <translation>%1 – Launch Agent %2, läuft nicht</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>%1 – running as process %2</source>
        <translation>%1 – läuft als Prozess %2</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 – installed, not running</source>
        <translation>%1 – installiert, läuft nicht</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>%1 – of another user</source>
        <translation>%1 – von einem anderen Benutzer</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1 – system service</source>
        <translation>%1 – Systemdienst</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>The agent starts and stops this unit through systemd. If the unit is enabled, disable it, so that it does not start at every login as well.</source>
        <translation>Der Agent startet und stoppt diese Unit über systemd. Falls sie aktiviert ist, deaktivieren Sie sie, damit sie nicht auch bei jeder Anmeldung startet.</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>The agent starts and stops it through launchd; its property list stays in place.</source>
        <translation>Der Agent startet und stoppt ihn über launchd; seine Property-Liste bleibt, wo sie ist.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>The agent starts a process of its own with the command line seen here. End process %1 first, and whatever starts it: two of them would get in each other’s way.</source>
        <translation>Der Agent startet einen eigenen Prozess mit der hier gefundenen Befehlszeile. Beenden Sie zuerst Prozess %1 und alles, was ihn startet: Zwei davon kämen sich in die Quere.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>The agent starts it as a process of its own.</source>
        <translation>Der Agent startet ihn als eigenen Prozess.</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>It belongs to another user, and an agent of yours can neither start nor stop it.</source>
        <translation>Er gehört einem anderen Benutzer; Ihr Agent kann ihn weder starten noch stoppen.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 is a system unit, which an agent of one user can neither start nor stop. Disable it there and make it a user unit; then look again.</source>
        <translation>%1 ist eine System-Unit, die der Agent eines Benutzers weder starten noch stoppen kann. Deaktivieren Sie sie dort und machen Sie eine Benutzer-Unit daraus; suchen Sie dann erneut.</translation>
    </message>
</context>
<context>
    <name>dormouse::RequestBook</name>
    <message>
        <location filename="../../tray/link/requestbook.cpp" line="+17"/>
        <source>the link to the agent was closed</source>
        <translation>die Verbindung zum Agenten wurde geschlossen</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>the agent did not answer within %1</source>
        <translation>der Agent hat nicht innerhalb von %1 geantwortet</translation>
    </message>
</context>
<context>
    <name>dormouse::ResetButton</name>
    <message>
        <location filename="../../tray/settings/resetbutton.cpp" line="+18"/>
        <source>Reset %1 to its default</source>
        <translation>„%1“ auf den Standardwert zurücksetzen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Back to the default: %1</source>
        <translation>Zurück zum Standardwert: %1</translation>
    </message>
</context>
<context>
    <name>dormouse::SettingsForm</name>
    <message>
        <location filename="../../tray/settings/settingsform.cpp" line="+95"/>
        <source>When nobody is there</source>
        <translation>Wenn niemand da ist</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Counted from the moment the last client was gone. A number means seconds; 90s, 5m, 2h and 1d are understood, too.</source>
        <translation>Gezählt ab dem Moment, in dem der letzte Client weg war. Eine Zahl bedeutet Sekunden; auch 90s, 5m, 2h und 1d werden verstanden.</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>&amp;Drowsy after:</source>
        <translation>Schlä&amp;frig nach:</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Everything still runs, ready at once</source>
        <translation>Alles läuft noch und ist sofort bereit</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>S&amp;leep after:</source>
        <translation>Sch&amp;läft nach:</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Maintenance may run</source>
        <translation>Die Wartung darf laufen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Hibernate after:</source>
        <translation>&amp;Winterschlaf nach:</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Services are stopped, their memory is free</source>
        <translation>Dienste sind gestoppt, ihr Speicher ist frei</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Who keeps it awake</source>
        <translation>Wer wach hält</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Every &amp;open client</source>
        <translation>Jeder &amp;offene Client</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>A client that is open counts, even when nobody uses it.</source>
        <translation>Ein offener Client zählt, auch wenn ihn niemand benutzt.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Only clients in &amp;use</source>
        <translation>Nur &amp;benutzte Clients</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>A client counts while it was last used within the time of “Drowsy after”.</source>
        <translation>Ein Client zählt, solange seine letzte Benutzung nicht länger her ist als unter „Schläfrig nach“ angegeben.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>who keeps it awake</source>
        <translation>Wer wach hält</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Ignore clients that were left behind</source>
        <translation>&amp;Zurückgelassene Clients ignorieren</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Clients whose own program is gone keep nothing awake.</source>
        <translation>Clients, deren eigenes Programm nicht mehr läuft, halten nichts wach.</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>When it may sleep</source>
        <translation>Wann geschlafen werden darf</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Only while &amp;nobody is at the machine</source>
        <translation>Nur, wenn &amp;niemand am Rechner ist</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Sleep waits until keyboard, mouse or display say so.</source>
        <translation>Der Schlaf wartet, bis Tastatur, Maus oder Bildschirm das anzeigen.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Maintenance waits for the &amp;power plug</source>
        <translation>Wartung nur am S&amp;tromnetz</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>On battery it waits, a day at most.</source>
        <translation>Im Akkubetrieb wartet sie, höchstens einen Tag.</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>This icon</source>
        <translation>Dieses Symbol</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Start a&amp;t login</source>
        <translation>Bei der &amp;Anmeldung starten</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>&amp;Advanced</source>
        <translation>E&amp;rweitert</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>Client is &amp;gone after:</source>
        <translation>Client ist we&amp;g nach:</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Without a sign of life for so long, it no longer counts</source>
        <translation>Nach so langer Zeit ohne Lebenszeichen zählt er nicht mehr</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Loo&amp;k every:</source>
        <translation>Nac&amp;hsehen alle:</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>How often the agent looks by itself; a minute at most</source>
        <translation>Wie oft der Agent von selbst nachsieht; höchstens eine Minute</translation>
    </message>
    <message>
        <location line="+33"/>
        <source>The icon is there when you log in.</source>
        <translation>Das Symbol ist nach der Anmeldung da.</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>This cannot be set on this desktop.</source>
        <translation>Das lässt sich auf diesem Desktop nicht einstellen.</translation>
    </message>
</context>
<context>
    <name>dormouse::SettingsWindow</name>
    <message>
        <location filename="../../tray/settings/settingswindow.cpp" line="+93"/>
        <source>Dormouse Settings[*]</source>
        <translation>Dormouse-Einstellungen[*]</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Revert</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <location line="+93"/>
        <source>The settings cannot be changed here, since the agent cannot use the file as it is:
%1</source>
        <translation>Die Einstellungen lassen sich hier nicht ändern, weil der Agent die Datei so nicht verwenden kann:
%1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open Con&amp;figuration</source>
        <translation>&amp;Konfiguration öffnen</translation>
    </message>
    <message>
        <location line="+53"/>
        <source>Nothing was saved: %1</source>
        <translation>Es wurde nichts gespeichert: %1</translation>
    </message>
    <message>
        <location line="+7"/>
        <location line="+17"/>
        <source>Saved.</source>
        <translation>Gespeichert.</translation>
    </message>
    <message>
        <location line="-17"/>
        <source>Saved, but: %1</source>
        <translation>Gespeichert, aber: %1</translation>
    </message>
    <message>
        <location line="+24"/>
        <source>the default</source>
        <translation>der Standardwert</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The file was changed meanwhile, in what you have changed here:</source>
        <translation>Die Datei wurde inzwischen geändert, und zwar dort, wo auch hier etwas geändert wurde:</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>%1 is %2 in the file, and %3 here</source>
        <translation>%1 ist in der Datei %2, hier %3</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>Keep &amp;Mine</source>
        <translation>&amp;Meine behalten</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Take the Fil&amp;e’s</source>
        <translation>Aus der Datei üb&amp;ernehmen</translation>
    </message>
    <message>
        <location line="+13"/>
        <source>No program opens %1; please open it in an editor.</source>
        <translation>Kein Programm öffnet %1; bitte in einem Editor öffnen.</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Saved. The agent uses the new settings.</source>
        <translation>Gespeichert. Der Agent verwendet die neuen Einstellungen.</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Saved, but the agent keeps the settings that it had: %1</source>
        <translation>Gespeichert, aber der Agent behält seine bisherigen Einstellungen: %1</translation>
    </message>
    <message>
        <location line="+13"/>
        <source>Dormouse Settings</source>
        <translation>Dormouse-Einstellungen</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Some changes are not saved.</source>
        <translation>Einige Änderungen sind nicht gespeichert.</translation>
    </message>
</context>
<context>
    <name>dormouse::SingleInstance</name>
    <message>
        <location filename="../../tray/link/instancefolder.cpp" line="+38"/>
        <source>the folder for the tray&apos;s lock cannot be made</source>
        <translation>der Ordner für die Sperre des Symbols lässt sich nicht anlegen</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>the folder for the tray&apos;s lock cannot be looked at</source>
        <translation>der Ordner für die Sperre des Symbols lässt sich nicht prüfen</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>the tray keeps its lock in a folder of this name, but it is none</source>
        <translation>das Symbol legt seine Sperre in einem Ordner dieses Namens ab, aber das ist keiner</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>the folder for the tray&apos;s lock belongs to another user</source>
        <translation>der Ordner für die Sperre des Symbols gehört einem anderen Benutzer</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>the folder for the tray&apos;s lock cannot be made private</source>
        <translation>der Ordner für die Sperre des Symbols lässt sich nicht privat machen</translation>
    </message>
    <message>
        <location line="+41"/>
        <source>the path of the tray&apos;s socket is too long; let XDG_RUNTIME_DIR or TMPDIR name a folder with a shorter one</source>
        <translation>der Pfad zum Socket des Symbols ist zu lang; XDG_RUNTIME_DIR oder TMPDIR muss einen Ordner mit kürzerem Pfad nennen</translation>
    </message>
    <message>
        <location filename="../../tray/link/singleinstance.cpp" line="+42"/>
        <source>the tray&apos;s lock cannot be opened</source>
        <translation>die Sperre des Symbols lässt sich nicht öffnen</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>another tray holds the lock</source>
        <translation>ein anderes Dormouse-Symbol hält die Sperre</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>the tray&apos;s lock cannot be taken</source>
        <translation>die Sperre des Symbols lässt sich nicht setzen</translation>
    </message>
    <message>
        <location line="+52"/>
        <source>another tray runs but does not answer</source>
        <translation>ein anderes Dormouse-Symbol läuft, antwortet aber nicht</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>the tray&apos;s socket cannot be made (%1)</source>
        <translation>der Socket des Symbols lässt sich nicht anlegen (%1)</translation>
    </message>
</context>
<context>
    <name>dormouse::StatusWindow</name>
    <message>
        <location filename="../../tray/statuswindow.cpp" line="+55"/>
        <source>Dormouse</source>
        <translation>Dormouse</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>&amp;Menu</source>
        <translation>&amp;Menü</translation>
    </message>
    <message>
        <location line="+44"/>
        <source>No agent</source>
        <translation>Kein Agent</translation>
    </message>
</context>
<context>
    <name>dormouse::StripWidget</name>
    <message>
        <location filename="../../tray/history/stripwidget.cpp" line="+19"/>
        <source>Strip of states</source>
        <translation>Zustandsstreifen</translation>
    </message>
    <message>
        <location line="+62"/>
        <source>Point at a stretch, or walk with the arrow keys, to read about it.</source>
        <translation>Auf einen Abschnitt zeigen oder mit den Pfeiltasten hingehen, um mehr zu erfahren.</translation>
    </message>
</context>
<context>
    <name>dormouse::SummaryPanel</name>
    <message>
        <location filename="../../tray/history/summarypanel.cpp" line="+53"/>
        <source>Time in each state</source>
        <translation>Zeit je Zustand</translation>
    </message>
    <message>
        <location line="+20"/>
        <source>Machine suspended (the state goes on through it)</source>
        <translation>Rechner im Standby (der Zustand läuft dabei weiter)</translation>
    </message>
    <message>
        <location line="+25"/>
        <source>Memory freed</source>
        <translation>Freigegebener Speicher</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Wakes</source>
        <translation>Weckvorgänge</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Wake to ready</source>
        <translation>Vom Wecken bis bereit</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>%1: %2</source>
        <comment>state, percent</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>gigabytes × hours</source>
        <translation>Gigabyte × Stunden</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>from drowsy or deeper</source>
        <comment>caption below the number of wakes</comment>
        <translation>aus Schläfrig oder tiefer</translation>
    </message>
</context>
<context>
    <name>dormouse::Tray</name>
    <message>
        <location filename="../../tray/tray.cpp" line="+82"/>
        <source>Going to sleep</source>
        <translation>Geht schlafen</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Click here within 10 seconds, or choose Undo in the menu, to take it back.</source>
        <translation>Zum Zurücknehmen innerhalb von 10 Sekunden hier klicken oder im Menü „Schlaf zurücknehmen“ wählen.</translation>
    </message>
    <message>
        <location line="+108"/>
        <source>Start at login could not be changed</source>
        <translation>Der Start bei der Anmeldung ließ sich nicht ändern</translation>
    </message>
</context>
<context>
    <name>dormouse::WelcomeWindow</name>
    <message>
        <location filename="../../tray/welcome/welcomewindow.cpp" line="+27"/>
        <source>Start Dormouse’s &amp;tray at login</source>
        <translation>Dormouse-Symbol bei der &amp;Anmeldung starten</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Install for This User</source>
        <translation>Für &amp;mich installieren</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Set Up Dormouse</source>
        <translation>Dormouse einrichten</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>It could not be installed: %1</source>
        <translation>Das Installieren ist misslungen: %1</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>Welcome to Dormouse</source>
        <translation>Willkommen bei Dormouse</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Dormouse lets heavy AI services on this machine run only while somebody uses them. When nobody does, it grows drowsy, falls asleep and hibernates, and stops each service at the point you choose, so that its memory is free. As soon as somebody comes back, it starts them again.</source>
        <translation>Dormouse lässt große KI-Dienste auf diesem Rechner nur laufen, solange jemand sie benutzt. Tut das niemand, wird es schläfrig, schläft ein, geht in den Winterschlaf und stoppt jeden Dienst an der Stelle, die Sie wählen, damit sein Speicher frei wird. Sobald jemand zurückkommt, startet es die Dienste wieder.</translation>
    </message>
    <message>
        <location line="+66"/>
        <source>Whether it starts at login cannot be told here.</source>
        <translation>Ob es bei der Anmeldung startet, lässt sich hier nicht feststellen.</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>It could not be changed: %1</source>
        <translation>Konnte nicht geändert werden: %1</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>The agent is installed as a service of your user account.</source>
        <translation>Der Agent ist als Dienst Ihres Benutzerkontos installiert.</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The agent is not installed as a service of your user account: Wake Now in the tray’s menu starts it.</source>
        <translation>Der Agent ist nicht als Dienst Ihres Benutzerkontos installiert: „Jetzt wecken“ im Menü des Symbols startet ihn.</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>Installing; this may take some seconds…</source>
        <translation>Wird installiert; das kann einige Sekunden dauern …</translation>
    </message>
</context>
<context>
    <name>dormouse::Windows</name>
    <message>
        <location filename="../../tray/windows.cpp" line="+96"/>
        <source>No program opens text files here</source>
        <translation>Hier öffnet kein Programm Textdateien</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>The configuration is %1</source>
        <translation>Die Konfiguration ist %1</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>No program opens folders here</source>
        <translation>Hier öffnet kein Programm Ordner</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>The logs are in %1</source>
        <translation>Die Protokolle liegen in %1</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>The agent keeps its old configuration</source>
        <translation>Der Agent behält seine alte Konfiguration</translation>
    </message>
</context>
</TS>
