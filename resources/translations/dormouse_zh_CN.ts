<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>HistoryExport</name>
    <message>
        <location filename="../../tray/history/historyexport.cpp" line="+60"/>
        <source>Machine suspended</source>
        <translation>系统挂起</translation>
    </message>
    <message>
        <location line="+73"/>
        <source>Dormouse: %1</source>
        <comment>heading of a picture</comment>
        <translation>Dormouse：%1</translation>
    </message>
</context>
<context>
    <name>HistoryText</name>
    <message>
        <location filename="../../tray/history/historytext.cpp" line="+50"/>
        <source>machine suspended for %1</source>
        <translation>系统挂起 %1</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>Not running</source>
        <translation>未运行</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Awake</source>
        <translation>清醒</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Drowsy</source>
        <translation>困倦</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Asleep</source>
        <translation>睡眠</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Hibernating</source>
        <translation>休眠</translation>
    </message>
    <message>
        <location line="+10"/>
        <location line="+2"/>
        <source>%1 s</source>
        <comment>duration</comment>
        <translation>%1 秒</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>%1 min</source>
        <comment>duration</comment>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>%1 h</source>
        <comment>duration</comment>
        <translation>%1 小时</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 h %2 min</source>
        <comment>duration</comment>
        <translation>%1 小时 %2 分钟</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>%1 d</source>
        <comment>duration</comment>
        <translation>%1 天</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 d %2 h</source>
        <comment>duration</comment>
        <translation>%1 天 %2 小时</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>&lt; %1 %</source>
        <comment>percent</comment>
        <translation>&lt; %1%</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 %</source>
        <comment>percent</comment>
        <translation>%1%</translation>
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
        <translation>有客户端被使用</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>nobody used it for a while</source>
        <translation>一段时间无人使用</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>nobody used it for long</source>
        <translation>长时间无人使用</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>it was free to sleep</source>
        <translation>可以睡眠了</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>somebody asked for it</source>
        <translation>收到请求</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>maintenance was done</source>
        <translation>维护已完成</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>nobody came back in time</source>
        <translation>无人及时回来</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>the wake signal was given</source>
        <translation>收到唤醒信号</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>its time had come</source>
        <translation>时间已到</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>ddd d MMM</source>
        <comment>date format of a day&apos;s row</comment>
        <translation>M月d日 ddd</translation>
    </message>
    <message>
        <location line="+8"/>
        <location line="+3"/>
        <source>%1, %2</source>
        <comment>day, time</comment>
        <translation>%1 %2</translation>
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
            <numerusform>此处还有 %n 个更短的时段</numerusform>
        </translation>
    </message>
    <message>
        <location line="+12"/>
        <source>no service was waited for</source>
        <translation>没有等待过服务</translation>
    </message>
    <message numerus="yes">
        <location line="+1"/>
        <source>median of %n; slowest %1</source>
        <translation>
            <numerusform>%n 次的中位数；最慢 %1</numerusform>
        </translation>
    </message>
    <message>
        <location line="+5"/>
        <source>Nothing has been recorded for this time.
Once Dormouse has run for a while, its days and nights appear here.</source>
        <translation>这段时间没有记录。
Dormouse 运行一段时间后，这里会显示它的日日夜夜。</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <location filename="../../tray/model/digesttext.cpp" line="+35"/>
        <source>Sleep cycles completed</source>
        <translation>已完成的睡眠周期</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Episodes processed</source>
        <translation>已处理的情景</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Schemas induced</source>
        <translation>已归纳的图式</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Time taken</source>
        <translation>用时</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Memory freed</source>
        <translation>释放的内存</translation>
    </message>
    <message>
        <location line="+64"/>
        <source>%1: %2</source>
        <comment>counter, value</comment>
        <translation>%1：%2</translation>
    </message>
    <message numerus="yes">
        <location line="+3"/>
        <source>and %Ln more…</source>
        <translation>
            <numerusform>还有 %Ln 项…</numerusform>
        </translation>
    </message>
    <message>
        <location line="+4"/>
        <source>While everybody slept</source>
        <translation>大家熟睡时</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Maintenance ran; there was nothing to do.</source>
        <translation>维护已运行，没有需要处理的内容。</translation>
    </message>
    <message>
        <location filename="../../tray/model/notice.cpp" line="+52"/>
        <source>The service %1 needs attention</source>
        <translation>服务 %1 需要关注</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>dormouse.toml has an error</source>
        <translation>dormouse.toml 有错误</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Maintenance is suspended</source>
        <translation>维护已暂停</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Maintenance has not been completed for long</source>
        <translation>维护已很久没有完成</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>dormouse.toml brought new commands</source>
        <translation>dormouse.toml 中有新的命令</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Dormouse needs attention</source>
        <translation>Dormouse 需要关注</translation>
    </message>
    <message>
        <location line="+14"/>
        <source>No sleep cycle until %1: %2</source>
        <comment>time, reason</comment>
        <translation>%1 之前不运行睡眠周期：%2</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>No sleep cycle for now: %1</source>
        <comment>reason</comment>
        <translation>暂不运行睡眠周期：%1</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>The agent reports an error</source>
        <translation>代理报告了错误</translation>
    </message>
</context>
<context>
    <name>TrayView</name>
    <message>
        <location filename="../../tray/model/causes.cpp" line="+21"/>
        <source>No sleep cycle until %1: %2</source>
        <comment>time, reason</comment>
        <translation>%1 之前不运行睡眠周期：%2</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>No sleep cycle for now: %1</source>
        <comment>reason</comment>
        <translation>暂不运行睡眠周期：%1</translation>
    </message>
    <message>
        <location line="+16"/>
        <location filename="../../tray/model/headline.cpp" line="+176"/>
        <source>Wake Now failed: %1</source>
        <translation>“立即唤醒”失败：%1</translation>
    </message>
    <message>
        <location filename="../../tray/model/headline.cpp" line="-155"/>
        <source>%1 since %2</source>
        <comment>state, time</comment>
        <translation>%1，自 %2 起</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>wakes at %1</source>
        <translation>%1 醒来</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>gets drowsy at %1</source>
        <translation>%1 进入困倦</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>sleeps at %1</source>
        <translation>%1 进入睡眠</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>hibernates at %1</source>
        <translation>%1 进入休眠</translation>
    </message>
    <message>
        <location line="+12"/>
        <source>%1 (due)</source>
        <comment>what comes next</comment>
        <translation>%1（时间已到）</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 (in %2)</source>
        <comment>what comes next, time until then</comment>
        <translation>%1（%2后）</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>kept awake %1</source>
        <comment>until 16:10, until turned off</comment>
        <translation>保持唤醒，%1</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>maintenance runs: %1</source>
        <translation>正在维护：%1</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>%1 freed</source>
        <translation>已释放 %1</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>shadow run: nothing is really stopped</source>
        <translation>影子运行：不会真正停止任何服务</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>1 wrapper</source>
        <translation>1 个客户端</translation>
    </message>
    <message numerus="yes">
        <location line="+0"/>
        <source>%Ln wrappers</source>
        <translation>
            <numerusform>%Ln 个客户端</numerusform>
        </translation>
    </message>
    <message>
        <location line="+7"/>
        <source>1 lease</source>
        <translation>1 个租约</translation>
    </message>
    <message numerus="yes">
        <location line="+0"/>
        <source>%Ln leases</source>
        <translation>
            <numerusform>%Ln 个租约</numerusform>
        </translation>
    </message>
    <message>
        <location line="+7"/>
        <source>1 thing needs attention</source>
        <translation>1 项需要关注</translation>
    </message>
    <message numerus="yes">
        <location line="+1"/>
        <source>%Ln things need attention</source>
        <translation>
            <numerusform>%Ln 项需要关注</numerusform>
        </translation>
    </message>
    <message>
        <location line="+12"/>
        <source>waking…</source>
        <translation>正在唤醒…</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Wake Now starts it</source>
        <translation>可用“立即唤醒”启动</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>no agent is running</source>
        <translation>代理未运行</translation>
    </message>
    <message>
        <location line="-3"/>
        <location line="+4"/>
        <source>No agent is running</source>
        <translation>代理未运行</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>last known: %1</source>
        <comment>state</comment>
        <translation>最后已知：%1</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>The agent does not answer</source>
        <translation>代理没有响应</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>The agent does not answer (last known: %1)</source>
        <comment>state</comment>
        <translation>代理没有响应（最后已知：%1）</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>What answers is no agent that can be understood</source>
        <translation>响应方不是可识别的代理</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Awake for %1</source>
        <translation>已清醒 %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Drowsy for %1</source>
        <translation>已困倦 %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Asleep for %1</source>
        <translation>已睡眠 %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Hibernating for %1</source>
        <translation>已休眠 %1</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>until %1</source>
        <comment>time</comment>
        <translation>直到 %1</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>until turned off</source>
        <translation>直到手动关闭</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>Looking for the agent…</source>
        <translation>正在查找代理…</translation>
    </message>
    <message numerus="yes">
        <location filename="../../tray/model/menuentries.cpp" line="+179"/>
        <source>and %Ln more…</source>
        <translation>
            <numerusform>还有 %Ln 项…</numerusform>
        </translation>
    </message>
    <message>
        <location line="+23"/>
        <source>The agent does not answer.</source>
        <translation>代理没有响应。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>No agent is running. Wake Now starts it.</source>
        <translation>代理未运行。可用“立即唤醒”启动。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>What answers is no agent that can be understood.</source>
        <translation>响应方不是可识别的代理。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>The agent is still being looked for.</source>
        <translation>仍在查找代理。</translation>
    </message>
    <message>
        <location filename="../../tray/model/menuprogram.cpp" line="+17"/>
        <source>It runs now: %1</source>
        <comment>step</comment>
        <translation>正在运行：%1</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Run &amp;Maintenance Now</source>
        <translation>立即维护(&amp;M)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Runs a sleep cycle now; the state stays what it is.</source>
        <translation>立即运行一次睡眠周期；状态保持不变。</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Start at Lo&amp;gin</source>
        <translation>登录时启动(&amp;G)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Whether this tray starts with your session.</source>
        <translation>此托盘程序是否随会话启动。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>This cannot be set here.</source>
        <translation>无法在此设置。</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>O&amp;verview…</source>
        <translation>概览(&amp;V)…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>All of this in a window.</source>
        <translation>在窗口中显示这些内容。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;History…</source>
        <translation>历史记录(&amp;H)…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Last &amp;Digest…</source>
        <translation>上次摘要(&amp;D)…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>What maintenance did while everybody slept.</source>
        <translation>大家熟睡时维护做了什么。</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Reset Quara&amp;ntine</source>
        <translation>解除隔离(&amp;N)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Ends the quarantine, and forgets the failures.</source>
        <translation>结束隔离，并清除失败记录。</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Se&amp;ttings…</source>
        <translation>设置(&amp;T)…</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>There is no dormouse.toml yet. Set Up makes one.</source>
        <translation>还没有 dormouse.toml。“初始设置”会创建它。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open &amp;Configuration</source>
        <translation>打开配置(&amp;C)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open &amp;Logs</source>
        <translation>打开日志(&amp;L)</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>S&amp;et Up…</source>
        <translation>初始设置(&amp;E)…</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;About Dormouse</source>
        <translation>关于 Dormouse(&amp;A)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Quit Tray</source>
        <translation>退出托盘程序(&amp;Q)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The agent goes on without it.</source>
        <translation>代理会继续运行。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Quit and St&amp;op Agent</source>
        <translation>退出并停止代理(&amp;O)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Stops the agent and its services, too.</source>
        <translation>同时停止代理及其服务。</translation>
    </message>
    <message>
        <location filename="../../tray/model/menuservices.cpp" line="+28"/>
        <source>stopped</source>
        <comment>service</comment>
        <translation>已停止</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>starting</source>
        <comment>service</comment>
        <translation>正在启动</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>ready</source>
        <comment>service</comment>
        <translation>就绪</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>stopping</source>
        <comment>service</comment>
        <translation>正在停止</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>failed</source>
        <comment>service</comment>
        <translation>失败</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>left alone</source>
        <comment>service</comment>
        <translation>不受管理</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>It runs already.</source>
        <translation>它已在运行。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>It starts already.</source>
        <translation>它已在启动。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>It is stopped already.</source>
        <translation>它已停止。</translation>
    </message>
    <message>
        <location line="+1"/>
        <location line="+7"/>
        <location line="+4"/>
        <source>It does not run; Start starts it.</source>
        <translation>它没有运行；可用“启动”来启动。</translation>
    </message>
    <message>
        <location line="-8"/>
        <source>It is being stopped already.</source>
        <translation>它正在停止。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>It is being stopped; Start starts it again.</source>
        <translation>它正在停止；可用“启动”重新启动。</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>It is left alone already.</source>
        <translation>它已不受管理。</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>Started again once after it had died</source>
        <translation>意外退出后重新启动过 1 次</translation>
    </message>
    <message numerus="yes">
        <location line="+1"/>
        <source>Started again %Ln times after it had died</source>
        <translation>
            <numerusform>意外退出后重新启动过 %Ln 次</numerusform>
        </translation>
    </message>
    <message>
        <location line="+7"/>
        <location filename="../../tray/model/menuwrappers.cpp" line="+66"/>
        <source>Process %1</source>
        <translation>进程 %1</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>was ready in %1</source>
        <comment>duration</comment>
        <translation>就绪用时 %1</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>&amp;Start</source>
        <translation>启动(&amp;S)</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Starts it now; counts as use.</source>
        <translation>立即启动它；视为一次使用。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>It stays stopped until the next wake.</source>
        <translation>它会保持停止，直到下次唤醒。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Restart</source>
        <translation>重新启动(&amp;R)</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Stops it, and starts it again.</source>
        <translation>停止它，然后再次启动。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Leave Alone</source>
        <translation>不再管理(&amp;L)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>It is neither started nor stopped from now on, until you start or stop it by hand.</source>
        <translation>从现在起不再自动启动或停止它，直到您手动启动或停止它。</translation>
    </message>
    <message>
        <location line="+21"/>
        <source>Se&amp;rvices (no agent is running)</source>
        <translation>服务（代理未运行）(&amp;R)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Se&amp;rvices</source>
        <translation>服务(&amp;R)</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>dormouse.toml has no [[service]].</source>
        <translation>dormouse.toml 中没有 [[service]]。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Se&amp;rvices (none configured)</source>
        <translation>服务（未配置）(&amp;R)</translation>
    </message>
    <message>
        <location filename="../../tray/model/menusleep.cpp" line="+23"/>
        <source>A wake is under way; the services start.</source>
        <translation>正在唤醒；服务正在启动。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Waking…</source>
        <translation>正在唤醒(&amp;W)…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Starts the services, and counts as use.</source>
        <translation>启动服务；视为一次使用。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Starts the agent, and the services.</source>
        <translation>启动代理和服务。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Wake Now</source>
        <translation>立即唤醒(&amp;W)</translation>
    </message>
    <message numerus="yes">
        <location line="+14"/>
        <source>%Ln more</source>
        <translation>
            <numerusform>另外 %Ln 个</numerusform>
        </translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Goes to sleep now, although clients are attached.</source>
        <translation>即使有客户端连接，也立即睡眠。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Leads to the end of: %1</source>
        <translation>将会停止：%1</translation>
    </message>
    <message>
        <location line="+11"/>
        <location line="+9"/>
        <location line="+5"/>
        <source>&amp;Sleep Now</source>
        <translation>立即睡眠(&amp;S)</translation>
    </message>
    <message>
        <location line="-13"/>
        <source>&amp;Sleep Now (the agent does not answer)</source>
        <translation>立即睡眠（代理没有响应）(&amp;S)</translation>
    </message>
    <message>
        <location line="+3"/>
        <location line="+9"/>
        <source>&amp;Sleep Now (already hibernating)</source>
        <translation>立即睡眠（已在休眠）(&amp;S)</translation>
    </message>
    <message>
        <location line="-9"/>
        <location line="+9"/>
        <source>It hibernates already.</source>
        <translation>它已在休眠。</translation>
    </message>
    <message>
        <location line="-8"/>
        <source>&amp;Sleep Now (no agent is running)</source>
        <translation>立即睡眠（代理未运行）(&amp;S)</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>&amp;Sleep Now (already asleep)</source>
        <translation>立即睡眠（已在睡眠）(&amp;S)</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>It sleeps already.</source>
        <translation>它已在睡眠。</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>Until then nothing goes to sleep by itself.</source>
        <translation>在此之前不会自动进入睡眠。</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Until %1 (%2 left)</source>
        <comment>time, duration</comment>
        <translation>直到 %1（剩余 %2）</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Until turned off</source>
        <translation>直到手动关闭</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;End Now</source>
        <translation>立即结束(&amp;E)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>From then on services may go to sleep again.</source>
        <translation>此后服务可以再次睡眠。</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>&amp;Undo Sleep</source>
        <translation>撤销睡眠(&amp;U)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Wakes again what has just been sent to sleep.</source>
        <translation>重新唤醒刚刚进入睡眠的服务。</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>For &amp;15 Minutes</source>
        <translation>15 分钟(&amp;1)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>For 1 &amp;Hour</source>
        <translation>1 小时(&amp;H)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>For &amp;4 Hours</source>
        <translation>4 小时(&amp;4)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Until &amp;Turned Off</source>
        <translation>直到手动关闭(&amp;T)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Keep Services Awake (no agent is running)</source>
        <translation>保持服务唤醒（代理未运行）(&amp;K)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Keep Services Awake</source>
        <translation>保持服务唤醒(&amp;K)</translation>
    </message>
    <message>
        <location filename="../../tray/model/menustate.cpp" line="+22"/>
        <location line="+35"/>
        <source>Attention: %1</source>
        <translation>注意：%1</translation>
    </message>
    <message>
        <location line="-28"/>
        <source>Since %1</source>
        <comment>time</comment>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>&amp;Dismiss</source>
        <translation>清除(&amp;D)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Takes the mark away until its cause comes again.</source>
        <translation>清除标记，直到其原因再次出现。</translation>
    </message>
    <message>
        <location filename="../../tray/model/menuwrappers.cpp" line="-49"/>
        <source>unnamed</source>
        <comment>wrapper</comment>
        <translation>未命名</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>lease held for %1</source>
        <comment>duration</comment>
        <translation>租约已持有 %1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>last heartbeat %1 ago</source>
        <comment>duration</comment>
        <translation>上次心跳在 %1前</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>Ends the lease.</source>
        <translation>结束租约。</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>It no longer counts, until it is used again.</source>
        <translation>它不再计入，直到再次被使用。</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>It does not count as it is.</source>
        <translation>它本来就不计入。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Its heartbeat has no uuid, so that it cannot be named.</source>
        <translation>它的心跳没有 uuid，因此无法指定它。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Ignore</source>
        <translation>忽略(&amp;I)</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Counts: it keeps the services awake</source>
        <translation>计入：它使服务保持唤醒</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Does not count</source>
        <translation>不计入</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Does not count: %1</source>
        <comment>reason</comment>
        <translation>不计入：%1</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>Leaked: the program that started it is gone</source>
        <translation>遗留：启动它的程序已不存在</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>leaked</source>
        <comment>wrapper</comment>
        <translation>遗留</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>counts</source>
        <comment>wrapper</comment>
        <translation>计入</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>does not count</source>
        <comment>wrapper</comment>
        <translation>不计入</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>Wra&amp;ppers (no agent is running)</source>
        <translation>客户端（代理未运行）(&amp;P)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Wra&amp;ppers</source>
        <translation>客户端(&amp;P)</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Asking the agent…</source>
        <translation>正在询问代理…</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>No wrapper is attached, and no lease is held.</source>
        <translation>没有客户端连接，也没有租约。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Wra&amp;ppers (none)</source>
        <translation>客户端（无）(&amp;P)</translation>
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
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <location line="+0"/>
        <location line="+2"/>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分钟</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>%1 d</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
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
        <translation>清醒</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Drowsy</source>
        <translation>困倦</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Asleep</source>
        <translation>睡眠</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Hibernating</source>
        <translation>休眠</translation>
    </message>
</context>
<context>
    <name>dormouse::AboutWindow</name>
    <message>
        <location filename="../../tray/welcome/aboutwindow.cpp" line="+23"/>
        <source>About Dormouse</source>
        <translation>关于 Dormouse</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Dormouse</source>
        <translation>Dormouse</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Lets heavy local AI services be awake only while somebody uses them.</source>
        <translation>让耗费资源的本地 AI 服务仅在有人使用时保持清醒。</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Version:</source>
        <translation>版本：</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Agent:</source>
        <translation>代理：</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Data folder:</source>
        <translation>数据文件夹：</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Configuration:</source>
        <translation>配置：</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Qt:</source>
        <translation>Qt：</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>License:</source>
        <translation>许可证：</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>MIT</source>
        <translation>MIT</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>© 2026 The Dormouse authors. Free software, without any warranty.</source>
        <translation>© 2026 Dormouse 作者。自由软件，不提供任何担保。</translation>
    </message>
    <message>
        <location line="+21"/>
        <source>not running, or of unknown version</source>
        <translation>未运行，或版本未知</translation>
    </message>
</context>
<context>
    <name>dormouse::AgentCommands</name>
    <message>
        <location filename="../../tray/agentcommands.cpp" line="+112"/>
        <source>The agent did not do that</source>
        <translation>代理未执行此操作</translation>
    </message>
    <message>
        <location line="+31"/>
        <source>Put the services to sleep now?</source>
        <translation>现在让服务睡眠吗？</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Clients are using them. These will stop, at the latest when the agent hibernates: %1.

You can take it back for 10 seconds, and Wake Now starts them again at any time.</source>
        <translation>有客户端正在使用服务。最迟在代理休眠时，以下服务将会停止：%1。

您可以在 10 秒内撤销，也可以随时用“立即唤醒”重新启动它们。</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>&amp;Sleep Now</source>
        <translation>立即睡眠(&amp;S)</translation>
    </message>
    <message>
        <location line="+11"/>
        <source>The agent did not go to sleep</source>
        <translation>代理未进入睡眠</translation>
    </message>
    <message>
        <location line="+17"/>
        <source>Somebody needs the services awake</source>
        <translation>有人需要服务保持唤醒</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1

Sleep all the same?</source>
        <translation>%1

仍要睡眠吗？</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Sleep &amp;Anyway</source>
        <translation>仍要睡眠(&amp;A)</translation>
    </message>
    <message>
        <location line="+20"/>
        <source>Dormouse</source>
        <translation>Dormouse</translation>
    </message>
    <message>
        <location line="+18"/>
        <source>The agent does not stop</source>
        <translation>代理没有停止</translation>
    </message>
</context>
<context>
    <name>dormouse::AgentInstaller</name>
    <message>
        <location filename="../../tray/welcome/agentinstaller.cpp" line="+37"/>
        <source>dormouse install ended with %1</source>
        <translation>dormouse install 以 %1 结束</translation>
    </message>
</context>
<context>
    <name>dormouse::AgentLink</name>
    <message>
        <location filename="../../tray/link/agentlink.cpp" line="+112"/>
        <source>the agent&apos;s version %1 is newer than this tray (%2), which does not know its state; restart or update the tray</source>
        <translation>代理的版本 %1 比此托盘程序（%2）新，托盘程序无法识别其状态；请重新启动或更新托盘程序</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>the agent is in a state that this tray (version %1) does not know</source>
        <translation>代理处于此托盘程序（版本 %1）无法识别的状态</translation>
    </message>
    <message>
        <location line="+74"/>
        <source>what answers on the agent&apos;s socket does not speak its protocol</source>
        <translation>代理套接字上的响应方不使用代理的协议</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>the agent refuses this tray: %1</source>
        <translation>代理拒绝了此托盘程序：%1</translation>
    </message>
    <message>
        <location line="+41"/>
        <source>the agent (pid %1) does not answer</source>
        <translation>代理（pid %1）没有响应</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>the agent (pid %1) does not answer: %2</source>
        <translation>代理（pid %1）没有响应：%2</translation>
    </message>
    <message>
        <location line="+52"/>
        <source>the agent refused to wake: %1</source>
        <translation>代理拒绝唤醒：%1</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>the agent could not be woken</source>
        <translation>无法唤醒代理</translation>
    </message>
</context>
<context>
    <name>dormouse::AgentSession</name>
    <message>
        <location filename="../../tray/link/agentsession.cpp" line="+67"/>
        <source>the connection to the agent was lost</source>
        <translation>与代理的连接已断开</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>no agent is connected</source>
        <translation>未连接到代理</translation>
    </message>
    <message>
        <location line="+52"/>
        <source>no reason given</source>
        <translation>未说明原因</translation>
    </message>
</context>
<context>
    <name>dormouse::DigestWindow</name>
    <message>
        <location filename="../../tray/welcome/digestwindow.cpp" line="+40"/>
        <source>Last Digest</source>
        <translation>上次摘要</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>While you were away</source>
        <translation>您离开期间</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>What the last sleep brought</source>
        <translation>上次睡眠的成果</translation>
    </message>
    <message>
        <location line="+23"/>
        <source>Nothing to tell yet. After the first night of maintenance, what it did stands here.</source>
        <translation>还没有内容。第一次夜间维护之后，这里会显示它做了什么。</translation>
    </message>
</context>
<context>
    <name>dormouse::HistoryWindow</name>
    <message>
        <location filename="../../tray/history/historypage.cpp" line="+32"/>
        <source>&amp;24 hours</source>
        <translation>24 小时(&amp;2)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;7 days</source>
        <translation>7 天(&amp;7)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;30 days</source>
        <translation>30 天(&amp;3)</translation>
    </message>
    <message>
        <location line="+35"/>
        <source>Key %1</source>
        <translation>按键 %1</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>Save &amp;Picture…</source>
        <translation>保存图片(&amp;P)…</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The strip with its legend, as PNG</source>
        <translation>状态条及其图例，保存为 PNG</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Save &amp;Table…</source>
        <translation>保存表格(&amp;T)…</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>A line for each stretch, as CSV</source>
        <translation>每个时段一行，保存为 CSV</translation>
    </message>
    <message>
        <location filename="../../tray/history/historywindow.cpp" line="+70"/>
        <source>Save as picture</source>
        <translation>保存为图片</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Pictures (*.png)</source>
        <translation>图片 (*.png)</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Save as table</source>
        <translation>保存为表格</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>Reading the event log… %1 %</source>
        <translation>正在读取事件日志… %1%</translation>
    </message>
    <message>
        <location line="+32"/>
        <source>Reading the event log…</source>
        <translation>正在读取事件日志…</translation>
    </message>
    <message>
        <location line="+18"/>
        <location line="+8"/>
        <source>nothing has been read yet</source>
        <translation>尚未读取任何内容</translation>
    </message>
    <message>
        <location line="+18"/>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Not saved: %1</source>
        <translation>未保存：%1</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>Dormouse History</source>
        <translation>Dormouse 历史记录</translation>
    </message>
</context>
<context>
    <name>dormouse::OfferPanel</name>
    <message>
        <location filename="../../tray/welcome/offerpanel.cpp" line="+66"/>
        <source>A first service</source>
        <translation>第一个服务</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>&amp;Look Again</source>
        <translation>重新查找(&amp;L)</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
    <message>
        <location line="+14"/>
        <source>&amp;Service:</source>
        <translation>服务(&amp;S)：</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>S&amp;top it when:</source>
        <translation>停止时机(&amp;T)：</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>State in which it is stopped</source>
        <translation>停止它的状态</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>What is added to dormouse.toml</source>
        <translation>添加到 dormouse.toml 的内容</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>Writes the text above to the end of dormouse.toml</source>
        <translation>将以上文本写入 dormouse.toml 的末尾</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>This goes to the end of %1, and nothing else there changes:</source>
        <translation>以下内容将写入 %1 的末尾，其余内容不变：</translation>
    </message>
    <message>
        <location line="+38"/>
        <source>Looking what runs on this machine…</source>
        <translation>正在查找这台电脑上运行的服务…</translation>
    </message>
    <message>
        <location line="+24"/>
        <source>Neither Ollama, llama-server nor the iai-mcp daemon was found here. Start one and look again, or write any other service into %1 by hand.</source>
        <translation>未找到 Ollama、llama-server 或 iai-mcp 守护进程。请启动其中一个后重新查找，或手动将其他服务写入 %1。</translation>
    </message>
    <message>
        <location line="+17"/>
        <source>Drowsy – after %1 without anybody</source>
        <translation>困倦 – 无人使用 %1 后</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Asleep – after %1</source>
        <translation>睡眠 – %1 后</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Hibernating – once maintenance is done, after %1 at the latest</source>
        <translation>休眠 – 维护完成后，最迟 %1 后</translation>
    </message>
    <message>
        <location line="+49"/>
        <source>This service is in dormouse.toml already.</source>
        <translation>此服务已在 dormouse.toml 中。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>It cannot be added: %1</source>
        <translation>无法添加：%1</translation>
    </message>
    <message>
        <location line="+12"/>
        <source>dormouse.toml was changed meanwhile. Look at the text once more, then add it.</source>
        <translation>dormouse.toml 在此期间已被更改。请再次查看文本，然后添加。</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>It could not be written: %1</source>
        <translation>无法写入：%1</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Added. The agent starts and stops it from now on.</source>
        <translation>已添加。从现在起由代理启动和停止它。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Added, but: %1</source>
        <translation>已添加，但是：%1</translation>
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
        <translation>iai-mcp 守护进程</translation>
    </message>
    <message>
        <location line="+13"/>
        <source>%1 – user unit %2, running</source>
        <translation>%1 – 用户单元 %2，正在运行</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1 – user unit %2, not running</source>
        <translation>%1 – 用户单元 %2，未运行</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>%1 – launch agent %2, running</source>
        <translation>%1 – LaunchAgent %2，正在运行</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1 – launch agent %2, not running</source>
        <translation>%1 – LaunchAgent %2，未运行</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>%1 – running as process %2</source>
        <translation>%1 – 正在运行，进程 %2</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 – installed, not running</source>
        <translation>%1 – 已安装，未运行</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>%1 – of another user</source>
        <translation>%1 – 属于其他用户</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>%1 – system service</source>
        <translation>%1 – 系统服务</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>The agent starts and stops this unit through systemd. If the unit is enabled, disable it, so that it does not start at every login as well.</source>
        <translation>代理通过 systemd 启动和停止此单元。如果此单元已启用，请将其禁用，以免它在每次登录时也启动。</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>The agent starts and stops it through launchd; its property list stays in place.</source>
        <translation>代理通过 launchd 启动和停止它；其属性列表保留在原处。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>The agent starts a process of its own with the command line seen here. End process %1 first, and whatever starts it: two of them would get in each other’s way.</source>
        <translation>代理会用此处显示的命令行启动自己的进程。请先结束进程 %1 以及启动它的程序：两个进程会互相干扰。</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>The agent starts it as a process of its own.</source>
        <translation>代理会将它作为自己的进程启动。</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>It belongs to another user, and an agent of yours can neither start nor stop it.</source>
        <translation>它属于其他用户，您的代理无法启动或停止它。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>%1 is a system unit, which an agent of one user can neither start nor stop. Disable it there and make it a user unit; then look again.</source>
        <translation>%1 是系统单元，单个用户的代理无法启动或停止它。请在系统中禁用它，并将其改为用户单元，然后重新查找。</translation>
    </message>
</context>
<context>
    <name>dormouse::RequestBook</name>
    <message>
        <location filename="../../tray/link/requestbook.cpp" line="+17"/>
        <source>the link to the agent was closed</source>
        <translation>与代理的连接已关闭</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>the agent did not answer within %1</source>
        <translation>代理在 %1 内没有响应</translation>
    </message>
</context>
<context>
    <name>dormouse::ResetButton</name>
    <message>
        <location filename="../../tray/settings/resetbutton.cpp" line="+18"/>
        <source>Reset %1 to its default</source>
        <translation>将“%1”重置为默认值</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Back to the default: %1</source>
        <translation>恢复默认值：%1</translation>
    </message>
</context>
<context>
    <name>dormouse::SettingsForm</name>
    <message>
        <location filename="../../tray/settings/settingsform.cpp" line="+95"/>
        <source>When nobody is there</source>
        <translation>无人使用时</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>Counted from the moment the last client was gone. A number means seconds; 90s, 5m, 2h and 1d are understood, too.</source>
        <translation>从最后一个客户端离开时算起。纯数字表示秒；也可以写成 90s、5m、2h 或 1d。</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>&amp;Drowsy after:</source>
        <translation>多久后困倦(&amp;D)：</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Everything still runs, ready at once</source>
        <translation>一切仍在运行，随时就绪</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>S&amp;leep after:</source>
        <translation>多久后睡眠(&amp;L)：</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Maintenance may run</source>
        <translation>可以运行维护</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Hibernate after:</source>
        <translation>多久后休眠(&amp;H)：</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Services are stopped, their memory is free</source>
        <translation>服务已停止，内存已释放</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Who keeps it awake</source>
        <translation>由谁保持唤醒</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Every &amp;open client</source>
        <translation>每个打开的客户端(&amp;O)</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>A client that is open counts, even when nobody uses it.</source>
        <translation>客户端只要打开就计入，即使无人使用。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Only clients in &amp;use</source>
        <translation>仅使用中的客户端(&amp;U)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>A client counts while it was last used within the time of “Drowsy after”.</source>
        <translation>客户端在“多久后困倦”的时间内使用过才计入。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>who keeps it awake</source>
        <translation>由谁保持唤醒</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Ignore clients that were left behind</source>
        <translation>忽略遗留的客户端(&amp;I)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Clients whose own program is gone keep nothing awake.</source>
        <translation>所属程序已不存在的客户端不会保持唤醒。</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>When it may sleep</source>
        <translation>何时可以睡眠</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Only while &amp;nobody is at the machine</source>
        <translation>仅在无人使用电脑时(&amp;N)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Sleep waits until keyboard, mouse or display say so.</source>
        <translation>等到键盘、鼠标或显示器表明无人时才睡眠。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Maintenance waits for the &amp;power plug</source>
        <translation>接通电源后才维护(&amp;P)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>On battery it waits, a day at most.</source>
        <translation>使用电池时会等待，最多一天。</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>This icon</source>
        <translation>此图标</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Start a&amp;t login</source>
        <translation>登录时启动(&amp;T)</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>&amp;Advanced</source>
        <translation>高级(&amp;A)</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>Client is &amp;gone after:</source>
        <translation>多久后视为客户端离开(&amp;G)：</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Without a sign of life for so long, it no longer counts</source>
        <translation>超过此时间没有动静，就不再计入</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Loo&amp;k every:</source>
        <translation>检查间隔(&amp;K)：</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>How often the agent looks by itself; a minute at most</source>
        <translation>代理自行检查的间隔；最长一分钟</translation>
    </message>
    <message>
        <location line="+33"/>
        <source>The icon is there when you log in.</source>
        <translation>登录后即显示此图标。</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>This cannot be set on this desktop.</source>
        <translation>无法在此桌面上设置。</translation>
    </message>
</context>
<context>
    <name>dormouse::SettingsWindow</name>
    <message>
        <location filename="../../tray/settings/settingswindow.cpp" line="+93"/>
        <source>Dormouse Settings[*]</source>
        <translation>Dormouse 设置[*]</translation>
    </message>
    <message>
        <location line="+10"/>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Revert</source>
        <translation>还原(&amp;R)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>&amp;Close</source>
        <translation>关闭(&amp;C)</translation>
    </message>
    <message>
        <location line="+93"/>
        <source>The settings cannot be changed here, since the agent cannot use the file as it is:
%1</source>
        <translation>无法在此更改设置，因为代理无法使用现在的文件：
%1</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Open Con&amp;figuration</source>
        <translation>打开配置(&amp;F)</translation>
    </message>
    <message>
        <location line="+53"/>
        <source>Nothing was saved: %1</source>
        <translation>未保存任何更改：%1</translation>
    </message>
    <message>
        <location line="+7"/>
        <location line="+17"/>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <location line="-17"/>
        <source>Saved, but: %1</source>
        <translation>已保存，但是：%1</translation>
    </message>
    <message>
        <location line="+24"/>
        <source>the default</source>
        <translation>默认值</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The file was changed meanwhile, in what you have changed here:</source>
        <translation>文件在此期间已被更改，涉及您在此处更改的内容：</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>%1 is %2 in the file, and %3 here</source>
        <translation>%1 在文件中为 %2，在此处为 %3</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>Keep &amp;Mine</source>
        <translation>保留我的(&amp;M)</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Take the Fil&amp;e’s</source>
        <translation>采用文件的(&amp;E)</translation>
    </message>
    <message>
        <location line="+13"/>
        <source>No program opens %1; please open it in an editor.</source>
        <translation>没有可打开 %1 的程序；请在编辑器中打开它。</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Saved. The agent uses the new settings.</source>
        <translation>已保存。代理已使用新设置。</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Saved, but the agent keeps the settings that it had: %1</source>
        <translation>已保存，但代理仍使用原来的设置：%1</translation>
    </message>
    <message>
        <location line="+13"/>
        <source>Dormouse Settings</source>
        <translation>Dormouse 设置</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>Some changes are not saved.</source>
        <translation>有更改尚未保存。</translation>
    </message>
</context>
<context>
    <name>dormouse::SingleInstance</name>
    <message>
        <location filename="../../tray/link/instancefolder.cpp" line="+38"/>
        <source>the folder for the tray&apos;s lock cannot be made</source>
        <translation>无法创建存放托盘程序锁的文件夹</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>the folder for the tray&apos;s lock cannot be looked at</source>
        <translation>无法查看存放托盘程序锁的文件夹</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>the tray keeps its lock in a folder of this name, but it is none</source>
        <translation>托盘程序的锁应存放在此名称的文件夹中，但它不是文件夹</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>the folder for the tray&apos;s lock belongs to another user</source>
        <translation>存放托盘程序锁的文件夹属于其他用户</translation>
    </message>
    <message>
        <location line="+3"/>
        <source>the folder for the tray&apos;s lock cannot be made private</source>
        <translation>无法将存放托盘程序锁的文件夹设为私有</translation>
    </message>
    <message>
        <location line="+41"/>
        <source>the path of the tray&apos;s socket is too long; let XDG_RUNTIME_DIR or TMPDIR name a folder with a shorter one</source>
        <translation>托盘程序的套接字路径过长；请将 XDG_RUNTIME_DIR 或 TMPDIR 设为路径较短的文件夹</translation>
    </message>
    <message>
        <location filename="../../tray/link/singleinstance.cpp" line="+42"/>
        <source>the tray&apos;s lock cannot be opened</source>
        <translation>无法打开托盘程序的锁</translation>
    </message>
    <message>
        <location line="+4"/>
        <source>another tray holds the lock</source>
        <translation>另一个托盘程序持有该锁</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>the tray&apos;s lock cannot be taken</source>
        <translation>无法取得托盘程序的锁</translation>
    </message>
    <message>
        <location line="+52"/>
        <source>another tray runs but does not answer</source>
        <translation>另一个托盘程序正在运行，但没有响应</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>the tray&apos;s socket cannot be made (%1)</source>
        <translation>无法创建托盘程序的套接字（%1）</translation>
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
        <translation>菜单(&amp;M)</translation>
    </message>
    <message>
        <location line="+44"/>
        <source>No agent</source>
        <translation>没有代理</translation>
    </message>
</context>
<context>
    <name>dormouse::StripWidget</name>
    <message>
        <location filename="../../tray/history/stripwidget.cpp" line="+19"/>
        <source>Strip of states</source>
        <translation>状态条</translation>
    </message>
    <message>
        <location line="+62"/>
        <source>Point at a stretch, or walk with the arrow keys, to read about it.</source>
        <translation>指向某个时段，或用方向键移动，即可查看详情。</translation>
    </message>
</context>
<context>
    <name>dormouse::SummaryPanel</name>
    <message>
        <location filename="../../tray/history/summarypanel.cpp" line="+53"/>
        <source>Time in each state</source>
        <translation>各状态时长</translation>
    </message>
    <message>
        <location line="+20"/>
        <source>Machine suspended (the state goes on through it)</source>
        <translation>系统挂起（期间状态延续）</translation>
    </message>
    <message>
        <location line="+25"/>
        <source>Memory freed</source>
        <translation>释放的内存</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Wakes</source>
        <translation>唤醒次数</translation>
    </message>
    <message>
        <location line="+6"/>
        <source>Wake to ready</source>
        <translation>从唤醒到就绪</translation>
    </message>
    <message>
        <location line="+16"/>
        <source>%1: %2</source>
        <comment>state, percent</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <location line="+5"/>
        <source>gigabytes × hours</source>
        <translation>GB × 小时</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>from drowsy or deeper</source>
        <comment>caption below the number of wakes</comment>
        <translation>从困倦或更深的状态</translation>
    </message>
</context>
<context>
    <name>dormouse::Tray</name>
    <message>
        <location filename="../../tray/tray.cpp" line="+82"/>
        <source>Going to sleep</source>
        <translation>正在进入睡眠</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>Click here within 10 seconds, or choose Undo in the menu, to take it back.</source>
        <translation>要撤销，请在 10 秒内点击此处，或在菜单中选择“撤销睡眠”。</translation>
    </message>
    <message>
        <location line="+108"/>
        <source>Start at login could not be changed</source>
        <translation>无法更改“登录时启动”</translation>
    </message>
</context>
<context>
    <name>dormouse::WelcomeWindow</name>
    <message>
        <location filename="../../tray/welcome/welcomewindow.cpp" line="+27"/>
        <source>Start Dormouse’s &amp;tray at login</source>
        <translation>登录时启动 Dormouse 托盘程序(&amp;T)</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>&amp;Install for This User</source>
        <translation>为此用户安装(&amp;I)</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Set Up Dormouse</source>
        <translation>Dormouse 初始设置</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>It could not be installed: %1</source>
        <translation>无法安装：%1</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>Welcome to Dormouse</source>
        <translation>欢迎使用 Dormouse</translation>
    </message>
    <message>
        <location line="+2"/>
        <source>Dormouse lets heavy AI services on this machine run only while somebody uses them. When nobody does, it grows drowsy, falls asleep and hibernates, and stops each service at the point you choose, so that its memory is free. As soon as somebody comes back, it starts them again.</source>
        <translation>Dormouse 让这台电脑上耗费资源的 AI 服务仅在有人使用时运行。无人使用时，它会依次进入困倦、睡眠和休眠，并在您选定的阶段停止各个服务，释放其内存。一旦有人回来，它就会重新启动这些服务。</translation>
    </message>
    <message>
        <location line="+66"/>
        <source>Whether it starts at login cannot be told here.</source>
        <translation>无法在此得知它是否在登录时启动。</translation>
    </message>
    <message>
        <location line="+9"/>
        <source>It could not be changed: %1</source>
        <translation>无法更改：%1</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>The agent is installed as a service of your user account.</source>
        <translation>代理已安装为您的用户账户的服务。</translation>
    </message>
    <message>
        <location line="+1"/>
        <source>The agent is not installed as a service of your user account: Wake Now in the tray’s menu starts it.</source>
        <translation>代理未安装为您的用户账户的服务：可用托盘菜单中的“立即唤醒”启动它。</translation>
    </message>
    <message>
        <location line="+8"/>
        <source>Installing; this may take some seconds…</source>
        <translation>正在安装，可能需要几秒钟…</translation>
    </message>
</context>
<context>
    <name>dormouse::Windows</name>
    <message>
        <location filename="../../tray/windows.cpp" line="+96"/>
        <source>No program opens text files here</source>
        <translation>没有可打开文本文件的程序</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>The configuration is %1</source>
        <translation>配置文件为 %1</translation>
    </message>
    <message>
        <location line="+7"/>
        <source>No program opens folders here</source>
        <translation>没有可打开文件夹的程序</translation>
    </message>
    <message>
        <location line="+0"/>
        <source>The logs are in %1</source>
        <translation>日志位于 %1</translation>
    </message>
    <message>
        <location line="+15"/>
        <source>The agent keeps its old configuration</source>
        <translation>代理仍使用旧配置</translation>
    </message>
</context>
</TS>
