// SPDX-License-Identifier: MIT
enum class Answer { Yes, No };

int number(Answer answer)
{
    switch (answer) {
    case Answer::Yes: return 1;
    }
    return 0;
}
