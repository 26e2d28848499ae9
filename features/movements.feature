Feature: Where somebody was
  A day consists of stays and of trips between them, and of gaps in which nobody knows. They are
  worked out when somebody looks, so what comes late has its place in them.

  Background:
    Given Ana carries a phone and allows location
    And the place Home with a radius of 100 m
    And the place School with a radius of 100 m

  Rule: A day is told as stays and trips

    Scenario: To school and back
      When Ana's phone spends Tuesday so:
        | from  | to    | where               |
        | 07:00 | 08:00 | at Home             |
        | 08:00 | 08:20 | from Home to School |
        | 08:20 | 13:00 | at School           |
        | 13:00 | 13:20 | from School to Home |
        | 13:20 | 20:00 | at Home             |
      Then Tuesday of Ana begins so:
        | what | where          | km |
        | stay | Home           |    |
        | trip | Home to School | 11 |
        | stay | School         |    |
        | trip | School to Home | 11 |
        | stay | Home           |    |

    Scenario: A day that comes late is told like any other
      When Ana's phone spends Tuesday so:
        | from  | to    | where     |
        | 13:30 | 20:00 | at School |
      And Ana's phone spends Tuesday so:
        | from  | to    | where               |
        | 07:00 | 08:00 | at Home             |
        | 08:00 | 08:20 | from Home to School |
        | 08:20 | 13:30 | at School           |
      Then Tuesday of Ana begins so:
        | what | where          | km |
        | stay | Home           |    |
        | trip | Home to School | 11 |
        | stay | School         |    |

    Scenario: Where no place is drawn the nearest town is named
      When Ana's phone spends Tuesday so:
        | from  | to    | where            |
        | 09:00 | 12:00 | 3000 m from Home |
      Then Tuesday of Ana begins so:
        | what | where         | km |
        | stay | near Cerknica |    |

    Scenario: A stop on the way belongs to the trip
      When Ana's phone spends Tuesday so:
        | from  | to    | where               |
        | 07:00 | 08:00 | at Home             |
        | 08:00 | 08:10 | from Home to School |
        | 08:10 | 08:13 | at School           |
        | 08:13 | 08:23 | from School to Home |
        | 08:23 | 09:00 | at Home             |
      Then Tuesday of Ana begins so:
        | what | where        | km |
        | stay | Home         |    |
        | trip | Home to Home | 22 |
        | stay | Home         |    |
      And that trip has 1 stop

    Scenario: A trip over midnight is cut there
      When Ana's phone spends Tuesday so:
        | from  | to    | where               |
        | 22:00 | 23:50 | at Home             |
        | 23:50 | 24:10 | from Home to School |
        | 24:10 | 25:00 | at School           |
      Then Tuesday of Ana ends with half of a trip, which goes on

  Rule: What is not known is shown as a gap

    Scenario: The phone was off on the way
      When Ana's phone spends Tuesday so:
        | from  | to    | where     |
        | 07:00 | 08:00 | at Home   |
        | 12:00 | 13:00 | at School |
      Then Tuesday of Ana begins so:
        | what | where  | km |
        | stay | Home   |    |
        | gap  |        |    |
        | stay | School |    |

    Scenario: A stay goes on as long as nothing else is known
      When Ana's phone sends these positions:
        | when           | where   |
        | 20 minutes ago | at Home |
        | 10 minutes ago | at Home |
      Then Ana is at Home still

  Rule: Positions that cannot be believed are left out, and counted

    Scenario Outline: Among an hour at home there is one that is <what>
      When Ana's phone spends Tuesday so:
        | from  | to    | where   |
        | 07:00 | 08:00 | at Home |
      And Ana's phone says of Tuesday <time> that it is <where>
      Then Tuesday of Ana begins so:
        | what | where | km |
        | stay | Home  |    |
      And 1 position of Tuesday was left out as <reason>

      Examples:
        | what      | time  | where                                   | reason     |
        | far away  | 07:32 | at School                               | jumps      |
        | vague     | 07:32 | 500 m from Home, good to 900 m           | inaccurate |
        | made up   | 07:32 | 500 m from Home, by an app that makes it up | mock       |

    Scenario: A phone that lies still covers no distance
      When Ana's phone wavers around Home by 40 m all Tuesday
      Then Ana travelled 0 km on Tuesday

  Rule: However long it is, a track is told in as many points as are asked for

    Scenario: A day in twenty points
      When Ana's phone spends Tuesday so:
        | from  | to    | where               |
        | 07:00 | 12:00 | from Home to School |
        | 12:00 | 17:00 | from School to Home |
      Then the track of Tuesday has 20 points at most
      And it reaches from Home to School
