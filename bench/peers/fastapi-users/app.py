"""fastapi-users with its database strategy: opaque tokens in a table, as its documentation shows."""

import uuid
from collections.abc import AsyncGenerator

from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, BearerTransport
from fastapi_users.authentication.strategy.db import AccessTokenDatabase, DatabaseStrategy
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import (
    SQLAlchemyAccessTokenDatabase,
    SQLAlchemyBaseAccessTokenTableUUID,
)
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

engine = create_async_engine("sqlite+aiosqlite:///app.db")
database = async_sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine.sync_engine, "connect")
def write_ahead(connection, _):
    connection.execute("PRAGMA journal_mode = WAL")


class Base(DeclarativeBase):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    pass


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    pass


class UserRead(schemas.BaseUser[uuid.UUID]):
    pass


class UserCreate(schemas.BaseUserCreate):
    pass


class UserUpdate(schemas.BaseUserUpdate):
    pass


class UserManager(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    reset_password_token_secret = "not used here"
    verification_token_secret = "not used here"


async def session() -> AsyncGenerator[AsyncSession, None]:
    async with database() as session:
        yield session


async def users(session: AsyncSession = Depends(session)):
    yield SQLAlchemyUserDatabase(session, User)


async def tokens(session: AsyncSession = Depends(session)):
    yield SQLAlchemyAccessTokenDatabase(session, AccessToken)


async def manager(users: SQLAlchemyUserDatabase = Depends(users)):
    yield UserManager(users)


def strategy(tokens: AccessTokenDatabase[AccessToken] = Depends(tokens)) -> DatabaseStrategy:
    return DatabaseStrategy(tokens, lifetime_seconds=86400)


backend = AuthenticationBackend(name="database", transport=BearerTransport(tokenUrl="token"), get_strategy=strategy)
accounts = FastAPIUsers[User, uuid.UUID](manager, [backend])

app = FastAPI()
app.include_router(accounts.get_auth_router(backend))
app.include_router(accounts.get_register_router(UserRead, UserCreate))
app.include_router(accounts.get_users_router(UserRead, UserUpdate), prefix="/users")


@app.on_event("startup")
async def create_tables():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
