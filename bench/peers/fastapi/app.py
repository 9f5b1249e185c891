"""Accounts as one writes them by hand with FastAPI and SQLAlchemy: an opaque token, looked up at every request."""

import hashlib
import secrets
import time

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel
from sqlalchemy import BigInteger, ForeignKey, String, event, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("sqlite+aiosqlite:///app.db")
database = async_sessionmaker(engine, expire_on_commit=False)
hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


@event.listens_for(engine.sync_engine, "connect")
def write_ahead(connection, _):
    connection.execute("PRAGMA journal_mode = WAL")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String, unique=True)
    password: Mapped[str] = mapped_column(String)


class Token(Base):
    __tablename__ = "tokens"
    hash: Mapped[str] = mapped_column(String, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[int] = mapped_column(BigInteger)


class Credentials(BaseModel):
    email: str
    password: str


class UserOut(BaseModel):
    id: int
    email: str


app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="token")


@app.on_event("startup")
async def create_tables():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


def hashed(token):
    return hashlib.sha256(token.encode()).hexdigest()


async def current_user(token: str = Depends(bearer)) -> User:
    async with database() as session:
        found = await session.scalar(
            select(User)
            .join(Token, Token.user_id == User.id)
            .where(Token.hash == hashed(token), Token.expires_at > int(time.time()))
        )
    if found is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return found


@app.post("/register", status_code=201)
async def register(credentials: Credentials) -> UserOut:
    async with database() as session:
        user = User(email=credentials.email, password=hasher.hash(credentials.password))
        session.add(user)
        await session.commit()
        return UserOut(id=user.id, email=user.email)


@app.post("/token")
async def log_in(form: OAuth2PasswordRequestForm = Depends()):
    async with database() as session:
        user = await session.scalar(select(User).where(User.email == form.username))
        try:
            hasher.verify(user.password if user else "", form.password)
        except (VerifyMismatchError, ValueError):
            raise HTTPException(401) from None
        token = secrets.token_urlsafe(32)
        session.add(Token(hash=hashed(token), user_id=user.id, expires_at=int(time.time()) + 86400))
        await session.commit()
    return {"access_token": token, "token_type": "bearer"}


@app.get("/me")
async def me(user: User = Depends(current_user)) -> UserOut:
    return UserOut(id=user.id, email=user.email)
