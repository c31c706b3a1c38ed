// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace dormouse::fuzz {

// One function for each reader of bytes that come from outside. Each takes any bytes, and checks what holds whatever they are; what a fuzzer found is run again by
// fuzz_corpus, in the ordinary build. None keeps anything from one call to the next.

void heartbeat(const QByteArray &input);   ///< a heartbeat file, and its name
void record(const QByteArray &input);      ///< lifecycle_state.json, and writing it back
void daemonstate(const QByteArray &input); ///< a line of operations, then .daemon-state.json
void memory(const QByteArray &input);      ///< dormouse.json, and writing it back
void config(const QByteArray &input);      ///< dormouse.toml
void tomledit(const QByteArray &input);    ///< a line with a key, one with a value, then the TOML to be changed
void control(const QByteArray &input);     ///< lines of the control socket, up to where the agent is asked
void connection(const QByteArray &input);  ///< a line that says how the rest is cut into pieces, then what a client sends
void snapshot(const QByteArray &input);    ///< two answers of an agent, as a client reads them
void logline(const QByteArray &input);     ///< lines of the event log, and the history they tell
void eventlog(const QByteArray &input);    ///< a line that says what files there are, then their content
void text(const QByteArray &input);        ///< times, durations, settings and foreign text
void dbus(const QByteArray &input);        ///< what a message bus sends
void xauthority(const QByteArray &input);  ///< a line with DISPLAY, then the content of an Xauthority file

} // namespace dormouse::fuzz
