"""What a session is made of: two logins that need a code ask one after the other."""

import asyncio

from ctui.cli.session_parts import in_turn


async def test_who_asks_while_another_question_stands_waits_for_its_answer() -> None:
    asked: asyncio.Queue[tuple[str, asyncio.Future[str]]] = asyncio.Queue()

    async def ask(prompt: str) -> str:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        asked.put_nowait((prompt, answer))
        return await answer

    ask_in_turn = in_turn(ask)
    first, second, third = (asyncio.ensure_future(ask_in_turn(each)) for each in ("first", "second", "third"))
    prompt, answer = await asked.get()
    assert (prompt, asked.empty()) == ("first", True)
    second.cancel()
    answer.set_result("1")
    assert await first == "1"
    prompt, answer = await asked.get()
    assert prompt == "third", "who no longer waits is not asked for"
    answer.set_result("3")
    assert await third == "3"
