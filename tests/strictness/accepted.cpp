// SPDX-License-Identifier: MIT
// The same things as the refused snippets, said the right way. Should this fail, the refusals prove nothing.
#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QUrl>

using namespace Qt::Literals::StringLiterals;

enum class Answer { Yes, No };

class Source : public QObject
{
public:
    explicit Source(QObject *parent) : QObject(parent)
    {
        connect(this, &QObject::objectNameChanged, this, [this](const QString &name) { m_name = name; });
    }

Q_SIGNALS:
    void changed(int value);

private:
    QString m_name;
};

qsizetype total(const QStringList &names, const QByteArray &bytes)
{
    const QString greeting = u"hello"_s;
    const QUrl url(greeting);
    qsizetype sum = url.toString().size() + QString::fromUtf8(bytes).size();
    for (const QString &name : names)
        sum += name.size();
    return sum + static_cast<qsizetype>(bytes.constData()[0]);
}

int number(Answer answer)
{
    switch (answer) {
    case Answer::Yes: return 1;
    case Answer::No: return 0;
    }
    return -1;
}
