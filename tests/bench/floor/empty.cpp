// SPDX-License-Identifier: MIT
// A program of Qt that does nothing: tells on stdout that its loop runs, and stays until it is killed.
#include <QCoreApplication>
#include <QTimer>

#include <unistd.h>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QTimer::singleShot(0, [] {
        if (::write(STDOUT_FILENO, "\n", 1) != 1)
            QCoreApplication::exit(1);
    });
    return QCoreApplication::exec();
}
